"""What templates of several pages share: `{% curation_pages as pages %}` is their navigation, `{% gpu_switch %}`."""

from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from curation.pages.scripts import script_config
from generation.api.hosts import MAY_LOOK, SWITCH
from generation.gpu_hosts import get_host_controller

PAGES = [
    ("bulk", _("Make"), "generation.view_generationjob"),
    ("try-pictures", _("Try a prompt"), "generation.add_generationjob"),
    ("review", _("Review"), "curation.view_review"),
    ("studio", _("Retouch"), "generation.view_version"),
    ("retouch-batch", _("Retouch many"), "generation.view_version"),
    ("lookalikes", _("Near duplicates"), "curation.view_review"),
    ("viewer", _("Viewer"), "curation.view_review"),
    ("trash", _("Trash"), "curation.view_review"),
    ("releases", _("Releases"), "curation.view_release"),
    ("acts", _("History"), "curation.view_bulkoperation"),
    ("fleet", _("Devices"), "garden.view_devicehealth"),
    ("dashboard", _("Dashboard"), "curation.view_review"),
]
"""Name, label and permission of each page in the navigation."""


IDLE_TIMES: list[tuple[int, Promise]] = [
    (300, _("5 minutes")),
    (900, _("15 minutes")),
    (2_400, _("40 minutes")),
    (7_200, _("2 hours")),
    (28_800, _("8 hours")),
    (86_400, _("a day")),
]
WORDS: dict[str, Promise] = {
    "off": _("GPU is off"),
    "starting": _("GPU is starting …"),
    "on": _("GPU is on"),
    "stopping": _("GPU is stopping …"),
    "unmanaged": _("GPU hosts are not managed here"),
    "stops_in": _("stops by itself in {minutes} min"),
    "stops_soon": _("stops by itself within a minute"),
    "at_work": _("at work"),
    "loading": _("its worker is not online yet"),
    "waiting": _("pictures that wait: {count}"),
    "waiting_start": _("They start the GPU within a minute."),
    "waiting_held": _("The GPU was stopped by hand. Start it, or the pictures wait until a new job is queued."),
    "running": _("pictures being made: {count}"),
    "workers": _("workers there: {count}"),
    "ask_start": _(
        "Start the GPU? It costs money while it is on. It stops by itself after {minutes} min without work."
    ),
    "ask_stop": _("Stop the GPU?"),
    "ask_stop_work": _(
        "Stop the GPU? Pictures being made: {running}, waiting: {waiting}. They wait until it is on again."
    ),
    "idle_kept": _("Saved: it stops after {minutes} min without work."),
    "idle_other": _("{minutes} minutes"),
    "away": _("GPU: no answer from its provider"),
    "signed_out": _("You are signed out. Sign in again in another tab, then try once more."),
    "not_allowed": _("You may view this, but not change it."),
    "no_answer": _("No response from the server. Please check the connection."),
    "failed": _("It failed: {why}"),
}


register = template.Library()


@register.simple_tag(takes_context=True)
def curation_pages(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The pages that this user may open, the present one marked."""
    request = context["request"]
    shown = request.resolver_match.view_name if request.resolver_match else ""
    return [
        {"label": label, "url": reverse(f"curation:{name}"), "current": shown == f"curation:{name}"}
        for name, label, permission in PAGES
        if request.user.has_perm(permission)
    ]


@register.inclusion_tag("admin/curation/studio_gpu.html", takes_context=True)
def gpu_switch(context: dict[str, Any]) -> dict[str, Any]:
    """The state of the GPU hosts and their switch; nothing where a site has none, or for who may not see them."""
    request = context["request"]
    if not get_host_controller().manages or not any(request.user.has_perm(one) for one in MAY_LOOK):
        return {"gpu": None}
    paths = {"look": reverse("gpu-hosts"), **{name: reverse(f"gpu-hosts-{name}") for name in ("start", "stop", "idle")}}
    gpu = {
        "may": request.user.has_perm(SWITCH),
        "idle_times": IDLE_TIMES,
        "own_minutes": settings.GPU_HOST_IDLE_MINUTES,
        "config": script_config(request, words=WORDS, paths=paths),
    }
    return {"gpu": gpu}
