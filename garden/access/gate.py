"""One gate for every page and route: a session of staff counts only while it is fresh and its second factor is proved.

Until then the request is nobody's, wherever it goes: no view can forget to ask.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from garden.access.factors import has_factor
from garden.access.stay import has_ended, note_activity, sign_out

Person = AbstractBaseUser | AnonymousUser


class StaffGate:
    """After OTPMiddleware. `request.signed_in` is who gave a password; `request.user` who is let in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        signed_in: Any = request.user
        request.signed_in = signed_in  # type: ignore[attr-defined]
        request.user = SimpleLazyObject(lambda: _admit(request, signed_in))  # type: ignore[assignment]
        return self._get_response(request)


def awaits_proof(request: HttpRequest) -> bool:
    """Whether somebody gave the right password, and nothing more yet."""
    return person_signed_in(request).is_authenticated and not request.user.is_authenticated


def person_signed_in(request: HttpRequest) -> Any:
    return getattr(request, "signed_in", request.user)


def _admit(request: HttpRequest, person: Any) -> Person:
    if not person.is_authenticated:
        return AnonymousUser()
    if has_ended(request):
        sign_out(request, person)
        request.signed_in = AnonymousUser()  # type: ignore[attr-defined]
        return AnonymousUser()
    if person.is_staff and not _has_proved(person):
        return AnonymousUser()
    note_activity(request)
    admitted: Person = person
    return admitted


def _has_proved(person: Any) -> bool:
    if person.otp_device is not None:
        return True
    return bool(settings.STAFF_SECOND_FACTOR == "optional" and not has_factor(person))
