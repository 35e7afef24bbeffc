"""The admin site as curators meet it: its start page lists what there is in the order in which a curator works."""

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from garden.access.admin_site import GardenAdminSite


class Chapter(NamedTuple):
    """A heading and the models below it; those that one works with first, ledgers after them."""

    name: str
    title: Promise | str
    models: tuple[str, ...]


CHAPTERS = (
    Chapter(
        "pictures",
        _("Pictures and review"),
        (
            "garden.Image",
            "curation.Release",
            "curation.Garden",
            "curation.Decision",
            "curation.Vote",
            "curation.BulkOperation",
            "curation.BulkOperationItem",
            "curation.ReleaseChange",
            "curation.Resolution",
            "curation.Fingerprint",
        ),
    ),
    Chapter(
        "walls",
        _("Walls and kiosks"),
        (
            "garden.Zone",
            "garden.Display",
            "garden.Playlist",
            "garden.PlaylistPicture",
            "garden.ShowTime",
            "garden.Kiosk",
            "garden.KioskKey",
            "garden.Assignment",
            "garden.WallChange",
            "garden.SouvenirLink",
        ),
    ),
    Chapter(
        "making",
        _("Making pictures"),
        (
            "generation.PromptTemplate",
            "generation.GenerationJob",
            "generation.Slot",
            "generation.Canvas",
            "generation.Version",
            "generation.RetouchBatch",
            "generation.BatchItem",
            "generation.RetouchPreset",
            "generation.TagWord",
            "generation.TagReading",
            "generation.CreditPlan",
            "generation.CreditAccount",
            "generation.CreditCharge",
        ),
    ),
    Chapter(
        "learning",
        _("What is learned"),
        (
            "recommend.DailyTally",
            "recommend.ImageRate",
            "recommend.Interaction",
            "recommend.Slate",
            "garden.GuessCount",
            "recommend.Trial",
            "recommend.OutgoingEvent",
        ),
    ),
    Chapter(
        "people",
        _("People and access"),
        (
            "auth.User",
            "auth.Group",
            "authtoken.TokenProxy",
            "garden.AuditEntry",
            "garden.Visitor",
            "garden.Consent",
            "garden.ProcessingEntry",
            "garden.SentPhotos",
        ),
    ),
    Chapter(
        "operations",
        _("Operations"),
        (
            "garden.Alarm",
            "garden.DeviceHealth",
            "generation.Worker",
            "generation.HostEvent",
            "garden.Thumbnail",
            "garden.SetAsideMessage",
        ),
    ),
)


def in_chapters(apps: list[Any]) -> list[dict[str, Any]]:
    """Django's list of apps told by chapters; what stands in none keeps its app, after them."""
    listed = {entry["model"]._meta.label: entry for app in apps for entry in app["models"]}
    chapters = [
        {**_heading(chapter), "models": models}
        for chapter in CHAPTERS
        if (models := [listed[label] for label in chapter.models if label in listed])
    ]
    told = {label for chapter in CHAPTERS for label in chapter.models}
    others = [
        {**app, "models": rest}
        for app in apps
        if (rest := [entry for entry in app["models"] if entry["model"]._meta.label not in told])
    ]
    return [*chapters, *others]


def _heading(chapter: Chapter) -> dict[str, Any]:
    """As Django's templates read an app. It has no page of its own."""
    return {"name": chapter.title, "app_label": chapter.name, "app_url": "", "has_module_perms": True}


class CuratorsAdminSite(GardenAdminSite):
    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """By chapters; one app's own page lists it whole, as Django does."""
        apps = super().get_app_list(request, app_label)
        return apps if app_label else in_chapters(apps)
