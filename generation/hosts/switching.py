"""The hosts follow the queue: on when pictures wait for them, off after they were idle long enough; and people."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from garden.access.trail import record
from garden.errors import GardenError, RefusedError
from garden.models.audit import AuditKind
from generation.hosts.base import HostState, HostStatus
from generation.hosts.looking import forget_the_look
from generation.hosts.policy import Decision, Situation, decide
from generation.hosts.registry import get_host_controller
from generation.models import HostEvent, Slot
from generation.models.host_event import Switch

SHORTEST_IDLE, LONGEST_IDLE = 60, 7 * 86_400
"""In seconds. The clock looks once a minute."""
IDLE_RULE = f"must be 0 or from {SHORTEST_IDLE} to {LONGEST_IDLE} seconds"
QUEUE = "queue"


class BadIdleTimeError(RefusedError):
    """An idle time that is too short or too long."""

    code = "bad_idle_time"


def follow_the_queue() -> Decision:
    """Look, decide, and ask the controller for it. Raises HostUnavailableError and HostRefusedError."""
    decision = decide(situation_of(get_host_controller().status()), idle_time())
    if decision is Decision.START:
        start_hosts()
    elif decision is Decision.STOP:
        stop_hosts()
    return decision


def start_hosts(*, by: Any = None) -> None:
    """Ask for the hosts, and note it: a host just started is given time to find its first work."""
    _switch(Switch.START, by)


def stop_hosts(*, by: Any = None) -> None:
    """Where a person asks, what waits already does not start them again: only a person does, or a new job."""
    _switch(Switch.STOP, by)


def set_idle_time(*, seconds: int, by: Any) -> None:
    """Stop hosts after so long without work from now on; 0 is GPU_HOST_IDLE_MINUTES again. Raises BadIdleTimeError."""
    if not is_idle_time(seconds):
        raise BadIdleTimeError(f"The idle time {IDLE_RULE}.", field="seconds", rule=IDLE_RULE)
    if (HostEvent.objects.idle_seconds() or 0) == seconds:
        return
    with transaction.atomic():
        HostEvent.objects.create(switch=Switch.IDLE, seconds=seconds, by=by)
        _tell(Switch.IDLE, by, seconds=seconds)


def is_idle_time(seconds: int) -> bool:
    return seconds == 0 or SHORTEST_IDLE <= seconds <= LONGEST_IDLE


def idle_time() -> timedelta:
    """How long hosts stay on without work."""
    return timedelta(seconds=HostEvent.objects.idle_seconds() or 60 * settings.GPU_HOST_IDLE_MINUTES)


def situation_of(status: HostStatus) -> Situation:
    slots = Slot.objects.of_engines(settings.GPU_HOST_ENGINES)
    stopped = HostEvent.objects.stop_that_holds() if status.state is HostState.OFF else None
    wanted = slots.filter(job__created_at__gt=stopped.at) if stopped else slots
    return Situation(
        now=timezone.now(),
        state=status.state,
        waiting=wanted.claimable().count(),
        running=wanted.leased().count(),
        last_work_at=slots.aggregate(Max("finished_at"))["finished_at__max"],
        started_at=HostEvent.objects.starts().aggregate(Max("at"))["at__max"],
    )


def _switch(switch: Switch, by: Any) -> None:
    """Noted first: hosts that nobody knows to be on would be stopped at the next look.

    What a person asks is in the trail before it is done. The queue asks every minute, so only its success is told.
    """
    with transaction.atomic():
        event = HostEvent.objects.create(switch=switch, by=by)
        if by:
            _tell(switch, by)
    try:
        ask = get_host_controller()
        ask.start() if switch is Switch.START else ask.stop()
    except GardenError as error:
        event.delete()
        if by:
            _tell(f"{switch} failed", by, why=error.detail)
        raise
    finally:
        forget_the_look()
    if not by:
        _tell(switch, by)


def _tell(what: str, by: Any, **detail: Any) -> None:
    record(AuditKind.CHANGED, f"GPU hosts: {what}", who=by.get_username() if by else QUEUE, **detail)
