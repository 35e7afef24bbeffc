"""Passwords, at a pace that no guesser can live with: a lid on each account and each address."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from garden.access.address import address_of
from garden.rates.counter import hit

HOUR = 3600.0
MOST_OF_ACCOUNT = 60
"""Attempts an hour, from everywhere together (OWASP ASVS 2.2.1 allows a hundred)."""
MOST_OF_ADDRESS = 300
"""Attempts an hour, at all accounts: a whole museum may stand behind one address."""


class PacedBackend(ModelBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        if request is not None and username is not None and _too_many(request, username):
            request.axes_locked_out = True  # type: ignore[attr-defined]
            raise PermissionDenied("There were too many attempts.")
        return super().authenticate(request, username, password, **kwargs)


def _too_many(request: HttpRequest, username: str) -> bool:
    of_account = hit(f"sign-in-of-{username.casefold()}", HOUR)
    of_address = hit(f"sign-in-from-{address_of(request)}", HOUR)
    return of_account.count > MOST_OF_ACCOUNT or of_address.count > MOST_OF_ADDRESS
