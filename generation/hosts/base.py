"""The role of a host controller, which switches the machines that GPU workers run on, and the one in the settings."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar

from django.conf import settings
from django.core.checks import CheckMessage, register
from django.core.signals import setting_changed
from django.dispatch import receiver

from garden.backends import build_backend, check_backend
from garden.errors import RefusedError, UnavailableError

SETTING = "GPU_HOST_CONTROLLER"


class HostUnavailableError(UnavailableError):
    """The hosts cannot be asked or switched now; a later try may succeed."""

    code = "host_unavailable"
    retry_after = 30


class HostRefusedError(RefusedError):
    """The provider will not do this: no such host, or no permission. Its own words are the detail."""

    code = "host_refused"


class HostState(StrEnum):
    """Of all hosts together: `ON` when one runs, `STARTING` and `STOPPING` while one is on its way."""

    UNMANAGED = "unmanaged"
    OFF = "off"
    STARTING = "starting"
    ON = "on"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True)
class HostStatus:
    """The state of all hosts together, of each by its name, and where those that run can be reached, if anywhere."""

    state: HostState
    hosts: tuple[tuple[str, HostState], ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HostController(ABC):
    """Switches GPU hosts. Subclasses declare their options as keyword-only dataclass fields.

    Every method raises HostUnavailableError or HostRefusedError, and may be repeated without harm.
    `manages` is false for one that has nothing to switch.
    """

    manages: ClassVar[bool] = True

    @abstractmethod
    def start(self) -> None:
        """Ask for every host to be on; returns before they are."""

    @abstractmethod
    def stop(self) -> None:
        """Ask for every host to be off; returns before they are."""

    @abstractmethod
    def status(self) -> HostStatus:
        """How the hosts are now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoHostController(HostController):
    """The default: the hosts are always on, or somebody else switches them."""

    manages: ClassVar[bool] = False

    def start(self) -> None:
        """Nothing to switch."""

    def stop(self) -> None:
        """Nothing to switch."""

    def status(self) -> HostStatus:
        return HostStatus(HostState.UNMANAGED)


@lru_cache(maxsize=1)
def get_host_controller() -> HostController:
    return build_backend(SETTING, settings.GPU_HOST_CONTROLLER, HostController)


@register()
def check_host_controller(**kwargs: Any) -> list[CheckMessage]:
    return check_backend(SETTING, settings.GPU_HOST_CONTROLLER, HostController)


@receiver(setting_changed)
def clear_host_controller(*, setting: str, **kwargs: Any) -> None:
    if setting == SETTING:
        get_host_controller.cache_clear()
