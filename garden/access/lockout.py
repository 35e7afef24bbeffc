"""The answer to too many attempts at signing in, and the lifting of locks."""

import math
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from garden.access.backends import clear_waits


class Lock(models.TextChoices):
    ADDRESS = "address", _("wrong passwords from one address")
    ACCOUNT = "account", _("attempts at the account from everywhere")
    ADDRESS_ANY_ACCOUNT = "address_any_account", _("attempts at all accounts from an address")
    CODES = "codes", _("wrong codes of the second factor")


def tell_of_lockout(request: HttpRequest, original: Any = None, credentials: Any = None) -> HttpResponse:
    """The same words whether the account exists or not."""
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
    account_waited, addresses_waited = clear_waits(username, addresses)
    lifted = {
        Lock.ADDRESS: locked,
        Lock.ACCOUNT: account_waited,
        Lock.ADDRESS_ANY_ACCOUNT: addresses_waited,
        Lock.CODES: _clear_wrong_codes(username),
    }
    return [lock for lock, was_there in lifted.items() if was_there]


def _clear_wrong_codes(username: str) -> bool:
    waiting = [
        device
        for devices in (TOTPDevice.objects, StaticDevice.objects)
        for device in devices.filter(user__username=username, throttling_failure_count__gt=0)
    ]
    for device in waiting:
        device.throttle_reset()
    return bool(waiting)
