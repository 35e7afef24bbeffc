"""Devices from which staff signed in before: a signed cookie, so that an attacker's guesses lock nobody else out.

OWASP calls this a device cookie. It replaces neither the password nor the second factor.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, User
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare

AGE = timedelta(days=180)
_SALT = "garden.access.devices"
_NAME = "staff_device"


def remember_device(response: HttpResponse, person: AbstractBaseUser) -> None:
    """Call it once somebody has signed in completely: password, and second factor where there is one."""
    response.set_signed_cookie(
        _cookie_of(person),
        f"{secrets.token_urlsafe(12)}:{_password_mark(person)}",
        salt=_SALT,
        max_age=AGE,
        path=reverse("admin:index"),
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def device_of(request: HttpRequest, username: str) -> str:
    """The number of a device from which this account signed in before with its current password; else empty."""
    if not any(name.startswith(_NAME) for name in request.COOKIES):
        return ""
    person = User.objects.filter(username=username, is_active=True).first()
    if person is None:
        return ""
    value = request.get_signed_cookie(_cookie_of(person), default="", salt=_SALT, max_age=AGE) or ""
    number, _, mark = value.partition(":")
    return number if constant_time_compare(mark, _password_mark(person)) else ""


def _cookie_of(person: AbstractBaseUser) -> str:
    return f"{_NAME}_{person.pk}"


def _password_mark(person: AbstractBaseUser) -> str:
    """Changes with the password."""
    return person.get_session_auth_hash()[:32]
