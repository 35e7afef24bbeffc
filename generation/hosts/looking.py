"""How the hosts are, for the many pages that ask: the provider is asked once in a few seconds."""

from typing import Any

from django.core.cache import cache
from django.core.signals import setting_changed
from django.dispatch import receiver

from generation.hosts.base import HostStatus, HostUnavailableError
from generation.hosts.registry import SETTING, get_host_controller

LOOK_SECONDS = 3
AWAY_SECONDS = 15
"""A provider that does not answer is left alone for so long."""
_KEY = "generation.hosts.look"


def look() -> HostStatus:
    """At most LOOK_SECONDS old. Raises HostUnavailableError and HostRefusedError."""
    seen: HostStatus | str | None = cache.get(_KEY)
    if isinstance(seen, str):
        raise HostUnavailableError(seen)
    return seen or _ask()


def forget_the_look() -> None:
    """They were switched: what was seen before is no answer any more."""
    cache.delete(_KEY)


def _ask() -> HostStatus:
    try:
        status = get_host_controller().status()
    except HostUnavailableError as error:
        cache.set(_KEY, error.detail, AWAY_SECONDS)
        raise
    cache.set(_KEY, status, LOOK_SECONDS)
    return status


@receiver(setting_changed)
def forget_with_the_controller(*, setting: str, **kwargs: Any) -> None:
    if setting == SETTING:
        forget_the_look()
