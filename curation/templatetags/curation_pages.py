"""What templates of several pages share: `{% curation_pages as pages %}` is their navigation, `{% gpu_switch %}`."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from generation.api.hosts import MAY_LOOK, SWITCH
from generation.gpu_hosts import get_host_controller


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
    PageName("acts", _("History"), "curation.view_bulkoperation"),
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


IDLE_TIMES: list[tuple[int, Promise]] = [
    (300, _("5 minutes")),
    (900, _("15 minutes")),
    (2_400, _("40 minutes")),
    (7_200, _("2 hours")),
    (28_800, _("8 hours")),
    (86_400, _("a day")),
]
_WORDS: dict[str, Promise] = {
    "off": _("GPU is off"),
    "starting": _("GPU is starting …"),
    "on": _("GPU is on"),
    "stopping": _("GPU is stopping …"),
    "unmanaged": _("GPU is not switched from here"),
    "stops_in": _("stops by itself in {minutes} min"),
    "stops_soon": _("stops by itself within a minute"),
    "at_work": _("at work"),
    "loading": _("its worker is not there yet"),
    "waiting": _("pictures that wait: {count}"),
    "waiting_start": _("They start the GPU within a minute."),
    "waiting_held": _("The GPU was stopped by hand: start it, or they wait until something new is asked for."),
    "running": _("pictures being made: {count}"),
    "workers": _("workers there: {count}"),
    "ask_start": _(
        "Start the GPU? It costs money while it is on. It stops by itself after {minutes} min without work."
    ),
    "ask_stop": _("Stop the GPU?"),
    "ask_stop_work": _(
        "Stop the GPU? Pictures being made: {running}, waiting: {waiting}. They wait until it is on again."
    ),
    "idle_kept": _("Kept: it stops after {minutes} min without work."),
    "idle_other": _("{minutes} minutes"),
    "away": _("GPU: no answer from its provider"),
    "signed_out": _("You are signed out. Sign in again in another tab, then try once more."),
    "not_allowed": _("You may look at this, but not change it."),
    "no_answer": _("The garden did not answer. Please check the connection."),
    "failed": _("That did not work: {why}"),
}


def switch_context(request: HttpRequest) -> dict[str, Any] | None:
    """None where the site has no hosts to switch, or for who may not look at them."""
    if not get_host_controller().manages or not any(request.user.has_perm(one) for one in MAY_LOOK):
        return None
    return {
        "may": request.user.has_perm(SWITCH),
        "idle_times": IDLE_TIMES,
        "own_minutes": settings.GPU_HOST_IDLE_MINUTES,
        "config": {
            "language": get_language(),
            "csrfToken": get_token(request),
            "words": {key: str(text) for key, text in _WORDS.items()},
            "paths": {
                "look": reverse("gpu-hosts"),
                **{name: reverse(f"gpu-hosts-{name}") for name in ("start", "stop", "idle")},
            },
        },
    }


register = template.Library()


@register.simple_tag(takes_context=True)
def curation_pages(context: dict[str, Any]) -> list[PageLink]:
    return pages_for(context["request"])


@register.inclusion_tag("admin/curation/studio_gpu.html", takes_context=True)
def gpu_switch(context: dict[str, Any]) -> dict[str, Any]:
    """`{% gpu_switch %}`: how the GPU hosts are, and their switch; nothing where the site has none."""
    return {"gpu": switch_context(context["request"])}
