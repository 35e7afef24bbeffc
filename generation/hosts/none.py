"""Hosts that somebody else switches, or that are always on."""

from dataclasses import dataclass
from typing import ClassVar

from generation.hosts.base import HostController, HostState, HostStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class NoHostController(HostController):
    """The default: nothing is switched."""

    manages: ClassVar[bool] = False

    def start(self) -> None:
        """Nothing to switch."""

    def stop(self) -> None:
        """Nothing to switch."""

    def status(self) -> HostStatus:
        return HostStatus(HostState.UNMANAGED)
