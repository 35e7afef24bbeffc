"""Sign-in by password: attempts wait longer the more there are, counted by account and by address.

An attacker's attempts lock nobody else out: a device that signed in before does not wait, and an address without a
wrong password at this account waits NEW_ADDRESS_WAIT seconds at most.
"""

from typing import Any

from axes.models import AccessAttempt
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from garden.access.address import network_of
from garden.access.devices import device_of
from garden.rates.counter import clear, hit

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


def clear_waits(username: str, addresses: list[str]) -> tuple[bool, bool]:
    """Clear the attempts at this account, and those from these addresses; returns whether either had to wait."""
    account, new_address = _slots_of(username)
    for slot in (account, new_address, *(f"sign-in-slot-from-{address}" for address in addresses)):
        clear(slot)
    counted = [clear(f"sign-in-from-{address}") for address in addresses]
    waited = clear(f"sign-in-of-{username.casefold()}") > FREE_OF_ACCOUNT
    return waited, any(count > FREE_OF_ADDRESS for count in counted)


def _refuse_too_early(request: HttpRequest, username: str) -> None:
    """Raises PermissionDenied."""
    address = network_of(request)
    account, new_address = _slots_of(username)
    is_new = not AccessAttempt.objects.filter(username=username, ip_address=address).exists()
    over_account = hit(f"sign-in-of-{username.casefold()}", HOUR).count - FREE_OF_ACCOUNT
    over_address = hit(f"sign-in-from-{address}", HOUR).count - FREE_OF_ADDRESS
    waits = (
        _wait(new_address, over_account, NEW_ADDRESS_WAIT) if is_new else _wait(account, over_account, LONGEST_WAIT),
        _wait(f"sign-in-slot-from-{address}", over_address, LONGEST_WAIT),
    )
    if any(waits):
        request.axes_locked_out = request.came_too_early = True  # type: ignore[attr-defined]
        request.wait_seconds = max(waits)  # type: ignore[attr-defined]
        raise PermissionDenied("There were too many attempts.")


def _wait(slot: str, over: int, longest: float) -> float:
    """Seconds until the next attempt: two after the first one too many, then twice as long each time."""
    if over <= 0:
        return 0.0
    taken = hit(slot, min(2.0 ** min(over, 10), longest))
    return taken.seconds_left if taken.count > 1 else 0.0


def _slots_of(username: str) -> tuple[str, str]:
    """Of addresses with wrong passwords at this account, and of those without."""
    name = username.casefold()
    return f"sign-in-slot-of-{name}", f"sign-in-slot-of-new-addresses-{name}"


def _is_from_known_device(request: HttpRequest, username: str) -> bool:
    """Looked up, and counted, once a request."""
    if not username:
        return False
    if not hasattr(request, "is_from_known_device"):
        device = device_of(request, username)
        known = bool(device) and hit(f"sign-in-with-{device}", HOUR).count <= FREE_OF_DEVICE
        request.is_from_known_device = known  # type: ignore[attr-defined]
    return bool(request.is_from_known_device)  # type: ignore[attr-defined]
