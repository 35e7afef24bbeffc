"""The role of a host controller: it switches the machines on and off that GPU workers run on."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from garden.errors import RefusedError, UnavailableError


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
