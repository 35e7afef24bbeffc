"""The admin site as curators meet it: its start page lists what there is in the order in which a curator works."""

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from garden.access.admin_site import GardenAdminSite


class AdminSection(NamedTuple):
    """A heading and the models below it; those that one works with first, ledgers after them."""

    name: str
    title: Promise | str
    models: tuple[str, ...]


SECTIONS = (
    AdminSection(
        "pictures",
        _("Pictures and review"),
        (
            "garden.Image",
            "curation.Release",
            "curation.Garden",
            "curation.Collection",
            "curation.Decision",
            "curation.BulkOperation",
            "curation.BulkOperationItem",
            "curation.ReleaseChange",
            "curation.Fingerprint",
        ),
    ),
    AdminSection(
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
    AdminSection(
        "making",
        _("Making pictures"),
        (
            "generation.PromptTemplate",
            "generation.OrderPreset",
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
    AdminSection(
        "learning",
        _("Recommender"),
        (
            "recommend.DailyTally",
            "recommend.ImageRate",
            "recommend.Interaction",
            "recommend.Slate",
            "recommend.Trial",
            "recommend.OutgoingEvent",
        ),
    ),
    AdminSection(
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
            "garden.DailyCount",
        ),
    ),
    AdminSection(
        "operations",
        _("Operations"),
        (
            "garden.Alarm",
            "garden.DeviceHealth",
            "garden.Webhook",
            "garden.WebhookDelivery",
            "generation.Worker",
            "garden.ImageFile",
        ),
    ),
)


def in_sections(apps: list[Any]) -> list[dict[str, Any]]:
    """Django's list of apps by section; models without a section follow in their app."""
    listed = {entry["model"]._meta.label: entry for app in apps for entry in app["models"]}
    sections = [
        {"name": section.title, "app_label": section.name, "app_url": "", "has_module_perms": True, "models": models}
        for section in SECTIONS
        if (models := [listed.pop(label) for label in section.models if label in listed])
    ]
    others = [
        {**app, "models": rest} for app in apps if (rest := [one for one in app["models"] if one in listed.values()])
    ]
    return [*sections, *others]


class CuratorsAdminSite(GardenAdminSite):
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [path("data/", self.admin_view(self.show_data), name="data"), *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from curation.pages.home import read_home

        context = {**self.each_context(request), "title": _("Home"), "home": read_home(request)}
        return TemplateResponse(request, "admin/home.html", {**context, **(extra_context or {})})

    def show_data(self, request: HttpRequest) -> TemplateResponse:
        """The tables by section, as Django's own start page."""
        return super().index(request, {"title": _("Data")})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """By sections; one app's own page lists it whole, as Django does."""
        apps = super().get_app_list(request, app_label)
        return apps if app_label else in_sections(apps)
