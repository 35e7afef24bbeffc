"""Sign-in by password: guesses wait, known devices do not, and locks can be lifted.

Attempts wait longer the more there are, counted by account and by address. An attacker's attempts lock nobody else
out: a device that signed in before does not wait, and an address without a wrong password at this account waits
NEW_ADDRESS_WAIT seconds at most. OWASP calls the cookie of a known device a device cookie; it replaces neither the
password nor the second factor.
"""

import math
import secrets
from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AbstractBaseUser, User
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from garden.access.throttling import clear_count, count, network_of, seconds_left

HOUR = 3600.0
FREE_OF_ACCOUNT = 20
"""Attempts an hour, from everywhere together, that do not wait."""
FREE_OF_ADDRESS = 300
"""Attempts an hour, at all accounts, that do not wait: a whole museum may stand behind one address."""
FREE_OF_DEVICE = 20
"""Attempts an hour from a device that signed in before; beyond, it waits like any other."""
LONGEST_WAIT = 60.0
"""Seconds; addresses with wrong passwords at an account have eighty attempts an hour together."""
NEW_ADDRESS_WAIT = 5.0
"""Seconds; an attacker who has a new address for every attempt gets 720 an hour, beyond the 100 of OWASP ASVS 2.2.1."""
DEVICE_AGE = timedelta(days=180)
_SALT = "garden.access.devices"
_COOKIE = "staff_device"


class Lock(models.TextChoices):
    ADDRESS = "address", _("wrong passwords from one address")
    ACCOUNT = "account", _("attempts at the account from all addresses")
    ADDRESS_ANY_ACCOUNT = "address_any_account", _("attempts at all accounts from an address")
    CODES = "codes", _("wrong codes of the second factor")


class PacedBackend(ModelBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        if request is not None and username is not None and not _is_from_known_device(request, username):
            _refuse_too_early(request, username)
        return super().authenticate(request, username, password, **kwargs)


def counts_no_failure(request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
    """For AXES_WHITELIST_CALLABLE: a known device is not locked out, and what is not checked is no failure."""
    if getattr(request, "came_too_early", False):
        return True
    return _is_from_known_device(request, str((credentials or {}).get("username") or ""))


def answer_lockout(request: HttpRequest, original: Any = None, credentials: Any = None) -> HttpResponse:
    """For AXES_LOCKOUT_CALLABLE: the same words whether the account exists or not."""
    seconds = math.ceil(getattr(request, "wait_seconds", settings.AXES_COOLOFF_TIME.total_seconds()))
    answer = render(request, "admin/locked_out.html", {"minutes": math.ceil(seconds / 60)}, status=429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def unlock(username: str) -> list[Lock]:
    """Lift every lock and wait of an account; returns which there were."""
    attempts = AccessAttempt.objects.filter(username=username)
    addresses = sorted({address for address in attempts.values_list("ip_address", flat=True) if address})
    locked = attempts.filter(failures_since_start__gte=settings.AXES_FAILURE_LIMIT).exists()
    attempts.delete()
    for slot in (*_slots_of(username), *(f"sign-in-slot-from-{address}" for address in addresses)):
        clear_count(slot)
    of_addresses = [clear_count(f"sign-in-from-{address}") for address in addresses]
    lifted = {
        Lock.ADDRESS: locked,
        Lock.ACCOUNT: clear_count(f"sign-in-of-{username.casefold()}") > FREE_OF_ACCOUNT,
        Lock.ADDRESS_ANY_ACCOUNT: any(counted > FREE_OF_ADDRESS for counted in of_addresses),
        Lock.CODES: _clear_wrong_codes(username),
    }
    return [lock for lock, was_there in lifted.items() if was_there]


def remember_device(response: HttpResponse, person: AbstractBaseUser) -> None:
    """To be called after a complete sign-in: password, and second factor where there is one."""
    response.set_signed_cookie(
        _cookie_of(person),
        f"{secrets.token_urlsafe(12)}:{_password_mark(person)}",
        salt=_SALT,
        max_age=DEVICE_AGE,
        path=reverse("admin:index"),
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def _device_of(request: HttpRequest, username: str) -> str:
    """The number of a device from which this account signed in before with its current password; else empty."""
    if not any(name.startswith(_COOKIE) for name in request.COOKIES):
        return ""
    person = User.objects.filter(username=username, is_active=True).first()
    if person is None:
        return ""
    value = request.get_signed_cookie(_cookie_of(person), default="", salt=_SALT, max_age=DEVICE_AGE) or ""
    number, _, mark = value.partition(":")
    return number if constant_time_compare(mark, _password_mark(person)) else ""


def _cookie_of(person: AbstractBaseUser) -> str:
    return f"{_COOKIE}_{person.pk}"


def _password_mark(person: AbstractBaseUser) -> str:
    """Changes with the password."""
    return person.get_session_auth_hash()[:32]


def _is_from_known_device(request: HttpRequest, username: str) -> bool:
    """Looked up, and counted, once a request."""
    if not username:
        return False
    if not hasattr(request, "is_from_known_device"):
        device = _device_of(request, username)
        known = bool(device) and count(f"sign-in-with-{device}", HOUR) <= FREE_OF_DEVICE
        request.is_from_known_device = known  # type: ignore[attr-defined]
    return bool(request.is_from_known_device)  # type: ignore[attr-defined]


def _refuse_too_early(request: HttpRequest, username: str) -> None:
    """Raises PermissionDenied."""
    address = network_of(request)
    account, new_address = _slots_of(username)
    is_new = _is_new_address(username, address)
    over_account = count(f"sign-in-of-{username.casefold()}", HOUR) - FREE_OF_ACCOUNT
    over_address = count(f"sign-in-from-{address}", HOUR) - FREE_OF_ADDRESS
    waits = (
        _wait(new_address, over_account, NEW_ADDRESS_WAIT) if is_new else _wait(account, over_account, LONGEST_WAIT),
        _wait(f"sign-in-slot-from-{address}", over_address, LONGEST_WAIT),
    )
    if any(waits):
        request.axes_locked_out = request.came_too_early = True  # type: ignore[attr-defined]
        request.wait_seconds = max(waits)  # type: ignore[attr-defined]
        raise PermissionDenied("There were too many attempts.")


def _is_new_address(username: str, address: str) -> bool:
    """Whether no wrong password came from it for this account."""
    return not AccessAttempt.objects.filter(username=username, ip_address=address).exists()


def _slots_of(username: str) -> tuple[str, str]:
    """Of addresses with wrong passwords at this account, and of those without."""
    name = username.casefold()
    return f"sign-in-slot-of-{name}", f"sign-in-slot-of-new-addresses-{name}"


def _wait(slot: str, over: int, longest: float) -> float:
    """Seconds until the next attempt: two after the first one too many, then twice as long each time."""
    if over <= 0:
        return 0.0
    seconds = min(2.0 ** min(over, 10), longest)
    return 0.0 if count(slot, seconds) == 1 else seconds_left(slot) or 1.0


def _clear_wrong_codes(username: str) -> bool:
    waiting = [
        device
        for devices in (TOTPDevice.objects, StaticDevice.objects)
        for device in devices.filter(user__username=username, throttling_failure_count__gt=0)
    ]
    for device in waiting:
        device.throttle_reset()
    return bool(waiting)
