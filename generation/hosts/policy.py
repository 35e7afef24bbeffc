"""When GPU hosts are switched: on while there is work, off after it has been quiet for long enough."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from generation.hosts.base import HostState


class Decision(StrEnum):
    """What to ask of the host controller now."""

    START = "start"
    STOP = "stop"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Situation:
    """What the decision stands on.

    `waiting` pictures could be claimed now and `running` ones are leased, both for engines on these hosts;
    `last_work_at` is when one was last claimed, finished or asked for; `started_at` when the hosts were last
    switched on. Both may be unknown.
    """

    now: datetime
    state: HostState
    waiting: int
    running: int
    last_work_at: datetime | None = None
    started_at: datetime | None = None

    @property
    def has_work(self) -> bool:
        return self.waiting > 0 or self.running > 0

    @property
    def quiet_since(self) -> datetime | None:
        """The last work or the start, whichever was later; nobody knows when neither is known."""
        known = [moment for moment in (self.last_work_at, self.started_at) if moment is not None]
        return max(known, default=None)


def decide(situation: Situation, idle_after: timedelta) -> Decision:
    """Start hosts that are off when there is work; stop hosts that are on after `idle_after` without any.

    Hosts on their way are left alone, and so are those that nobody manages. A host just started is given
    `idle_after` to find its first work. When nothing tells how long it has been quiet, it has been too long.
    """
    if situation.has_work:
        return Decision.START if situation.state is HostState.OFF else Decision.WAIT
    stop = stops_at(situation, idle_after)
    return Decision.STOP if stop is not None and situation.now >= stop else Decision.WAIT


def stops_at(situation: Situation, idle_after: timedelta) -> datetime | None:
    """When hosts that are on will be stopped if no work comes; None while they are off, on their way or at work."""
    if situation.has_work or situation.state is not HostState.ON:
        return None
    since = situation.quiet_since
    return situation.now if since is None else since + idle_after
