"""Access control for staff: a session counts only while it is fresh and its second factor is proved.

One middleware decides for every page and route. Until then the request is anonymous, so no view can forget to ask.
"""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from garden.access.two_factor import has_factor

SIGNED_IN, ACTIVE = "signed_in_at", "active_at"
_PRECISION = 60.0
"""Seconds; a write per request would be a write too many."""
_KEPT = ("kiosk_key",)
"""A browser stays paired with its kiosk when a curator who used it is signed out."""

Person = AbstractBaseUser | AnonymousUser


class StaffAccess:
    """After OTPMiddleware. `request.signed_in` is who gave a password; `request.user` who is admitted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        signed_in: Any = request.user
        request.signed_in = signed_in  # type: ignore[attr-defined]
        request.user = SimpleLazyObject(lambda: _admit(request, signed_in))  # type: ignore[assignment]
        return self._get_response(request)


def awaits_proof(request: HttpRequest) -> bool:
    """Whether the password was right and the second factor is still missing."""
    return person_signed_in(request).is_authenticated and not request.user.is_authenticated


def person_signed_in(request: HttpRequest) -> Any:
    return getattr(request, "signed_in", request.user)


def begin_session(request: HttpRequest) -> None:
    """Starts the times after which the session ends: since signing in, and since the last action."""
    request.session[SIGNED_IN] = request.session[ACTIVE] = time.time()


def sign_out(request: HttpRequest, person: Any) -> None:
    kept = {name: request.session[name] for name in _KEPT if name in request.session}
    request.user = person
    logout(request)
    request.session.update(kept)


def _admit(request: HttpRequest, person: Any) -> Person:
    if not person.is_authenticated:
        return AnonymousUser()
    if _has_expired(request):
        sign_out(request, person)
        request.signed_in = AnonymousUser()  # type: ignore[attr-defined]
        return AnonymousUser()
    if person.is_staff and not _has_proved(person):
        return AnonymousUser()
    # Requests of polling pages do not extend a session.
    if _is_by_hand(request) and time.time() - request.session[ACTIVE] > _PRECISION:
        request.session[ACTIVE] = time.time()
    admitted: Person = person
    return admitted


def _has_expired(request: HttpRequest) -> bool:
    now = time.time()
    idle = settings.STAFF_IDLE_MINUTES * 60
    too_long = now - request.session.get(SIGNED_IN, 0.0) > settings.STAFF_SESSION_HOURS * 3600
    return too_long or bool(idle and now - request.session[ACTIVE] > idle)


def _has_proved(person: Any) -> bool:
    if person.otp_device is not None:
        return True
    return bool(settings.STAFF_SECOND_FACTOR == "optional" and not has_factor(person))


def _is_by_hand(request: HttpRequest) -> bool:
    """Browsers say whether a person went somewhere; other clients say nothing."""
    return request.method not in ("GET", "HEAD") or request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
