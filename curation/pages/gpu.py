"""The switch of the GPU hosts, as a small part of other pages: what it may, where it asks, what it says."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from generation.api.hosts import MAY_LOOK, SWITCH
from generation.hosts.base import get_host_controller

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
