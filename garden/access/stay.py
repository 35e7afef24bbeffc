"""How long a staff session lasts: so long after signing in, so long after the last thing that a person did."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest

SIGNED_IN, ACTIVE = "signed_in_at", "active_at"
_PRECISION = 60.0
"""Seconds; a write per request would be a write too many."""
_KEPT = ("kiosk_key",)
"""A browser stays paired with its kiosk when a curator who used it is signed out."""


def begin_stay(request: HttpRequest) -> None:
    request.session[SIGNED_IN] = request.session[ACTIVE] = time.time()


def has_ended(request: HttpRequest) -> bool:
    """A session without times is from before they were kept: it begins now."""
    if SIGNED_IN not in request.session:
        begin_stay(request)
    now = time.time()
    idle = settings.STAFF_IDLE_MINUTES * 60
    too_long = now - request.session[SIGNED_IN] > settings.STAFF_SESSION_HOURS * 3600
    return too_long or bool(idle and now - request.session[ACTIVE] > idle)


def note_activity(request: HttpRequest) -> None:
    """Pages that ask for news by themselves keep nobody signed in."""
    if _is_by_hand(request) and time.time() - request.session[ACTIVE] > _PRECISION:
        request.session[ACTIVE] = time.time()


def sign_out(request: HttpRequest, person: Any) -> None:
    kept = {name: request.session[name] for name in _KEPT if name in request.session}
    request.user = person
    logout(request)
    request.session.update(kept)


def _is_by_hand(request: HttpRequest) -> bool:
    """Browsers say whether a person went somewhere; other clients say nothing."""
    return request.method not in ("GET", "HEAD") or request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
