"""The pages of curators, and who may open each."""

from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class PageName(NamedTuple):
    """A page as the navigation lists it."""

    name: str
    label: Promise | str
    permission: str


PAGES = (
    PageName("bulk", _("Make"), "generation.view_generationjob"),
    PageName("try-pictures", _("Try a prompt"), "generation.add_generationjob"),
    PageName("review", _("Review"), "curation.view_review"),
    PageName("studio", _("Retouch"), "generation.view_version"),
    PageName("retouch-batch", _("Retouch many"), "generation.view_version"),
    PageName("lookalikes", _("Look-alikes"), "curation.view_review"),
    PageName("viewer", _("Viewer"), "curation.view_review"),
    PageName("trash", _("Trash"), "curation.view_review"),
    PageName("releases", _("Releases"), "curation.view_release"),
    PageName("acts", _("History"), "curation.view_act"),
    PageName("fleet", _("Devices"), "garden.view_devicehealth"),
    PageName("dashboard", _("Dashboard"), "curation.view_review"),
)


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page that this user may open."""

    name: str
    label: Promise | str
    url: str
    current: bool


def pages_for(request: HttpRequest) -> list[PageLink]:
    """What the navigation shows to this user, the page that is open marked as current."""
    match = request.resolver_match
    current = match.url_name if match and match.namespace == "curation" else ""
    return [
        PageLink(page.name, page.label, url, page.name == current)
        for page in PAGES
        if request.user.has_perm(page.permission) and (url := _address_of(page))
    ]


def _address_of(page: PageName) -> str:
    try:
        return reverse(f"curation:{page.name}")
    except NoReverseMatch:  # A site may leave a page out of its urls.
        return ""
