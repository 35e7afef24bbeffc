"""The bar of the staff pages: four areas of pages by task, and the tables of data."""

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StaffPage(NamedTuple):
    """`route` is the name of a url without arguments; `permission` shows it."""

    route: str
    label: Promise | str
    permission: str


class Area(NamedTuple):
    label: Promise | str
    pages: tuple[StaffPage, ...]


AREAS = (
    Area(
        _("Make"),
        (
            StaffPage("curation:make", _("Make pictures"), "generation.view_generationjob"),
            StaffPage("curation:studio", _("Retouch"), "generation.view_version"),
            StaffPage("curation:retouch-batch", _("Retouch many"), "generation.view_version"),
        ),
    ),
    Area(
        _("Review"),
        (
            StaffPage("curation:review", _("New pictures"), "curation.view_review"),
            StaffPage("curation:library", _("Library"), "curation.view_review"),
            StaffPage("curation:lookalikes", _("Near duplicates"), "curation.view_review"),
            StaffPage("curation:acts", _("History"), "curation.view_bulkoperation"),
        ),
    ),
    Area(
        pgettext_lazy("area", "Show"),
        (
            StaffPage("curation:walls", _("Walls"), "garden.view_assignment"),
            StaffPage("curation:releases", _("Releases"), "curation.view_release"),
            StaffPage("admin:garden_playlist_changelist", _("Playlists"), "garden.view_playlist"),
        ),
    ),
    Area(
        _("Operate"),
        (
            StaffPage("curation:fleet", _("Devices"), "garden.view_devicehealth"),
            StaffPage("curation:dashboard", _("Dashboard"), "curation.view_review"),
            StaffPage("admin:recommend_dailytally_changelist", _("Recommender"), "recommend.view_dailytally"),
        ),
    ),
)
DATA = StaffPage("admin:data", _("Data"), "")


def read_navigation(request: HttpRequest) -> dict[str, Any]:
    """`areas` of this user, each a link to its first page, and the `pages` of the area that is open."""
    path = request.path
    home = reverse("admin:index")
    areas, pages = [{"label": _("Home"), "url": home, "current": path == home}], []
    for area in AREAS:
        allowed = [_describe(page, path) for page in area.pages if request.user.has_perm(page.permission)]
        if not allowed:
            continue
        is_open = any(page["current"] for page in allowed)
        areas.append({"label": area.label, "url": allowed[0]["url"], "current": is_open})
        if is_open:
            pages = allowed
    return {"areas": [*areas, _describe(DATA, path)], "pages": pages}


def _describe(page: StaffPage, path: str) -> dict[str, Any]:
    """Pages below it, as that of a job, belong to it."""
    url = reverse(page.route)
    return {"label": page.label, "url": url, "current": path.startswith(url)}
