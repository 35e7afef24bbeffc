"""How the hosts are, what waits for them, and when they stop by themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from generation.hosts.base import HostState, HostStatus
from generation.hosts.looking import look
from generation.hosts.policy import stops_at
from generation.hosts.switching import idle_time, situation_of
from generation.models import HostEvent, Slot, Worker


@dataclass(frozen=True, slots=True)
class Outlook:
    """`waiting` and `running` count pictures for engines of the hosts, `workers` those that speak from there.

    `idle` counts now; `chosen_idle` (seconds) is what a person chose, 0 for the site's own setting.
    `stops_at` is None while the hosts are not on, or have work. `held`: a person stopped them, and nothing was asked
    for since.
    """

    status: HostStatus
    waiting: int
    running: int
    workers: int
    idle: timedelta
    chosen_idle: int
    stops_at: datetime | None
    held: bool


def look_out() -> Outlook:
    """Raises HostUnavailableError and HostRefusedError."""
    status, idle = look(), idle_time()
    situation = situation_of(status)
    slots = Slot.objects.of_engines(settings.GPU_HOST_ENGINES)
    is_off = status.state is HostState.OFF
    return Outlook(
        status=status,
        waiting=slots.claimable().count() if is_off else situation.waiting,
        running=slots.leased().count() if is_off else situation.running,
        workers=_workers(),
        idle=idle,
        chosen_idle=HostEvent.objects.idle_seconds() or 0,
        stops_at=stops_at(situation, idle),
        held=is_off and not situation.has_work and HostEvent.objects.stop_that_holds() is not None,
    )


def _workers() -> int:
    wanted = {*settings.GPU_HOST_ENGINES}
    return sum(not wanted.isdisjoint(engines) for engines in Worker.objects.online().values_list("engines", flat=True))
