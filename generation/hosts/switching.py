"""The hosts follow the queue: on when pictures wait for them, off after they were idle long enough."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from generation.hosts.policy import Decision, Situation, decide
from generation.hosts.registry import get_host_controller
from generation.models import HostEvent, Slot
from generation.models.host_event import Switch


def follow_the_queue() -> Decision:
    """Look, decide, and ask the controller for it. Raises HostUnavailableError and HostRefusedError."""
    decision = decide(_situation(), timedelta(minutes=settings.GPU_HOST_IDLE_MINUTES))
    if decision is Decision.START:
        start_hosts()
    elif decision is Decision.STOP:
        stop_hosts()
    return decision


def start_hosts(*, by: Any = None) -> None:
    """Ask for the hosts, and note it: a host just started is given time to find its first work."""
    get_host_controller().start()
    HostEvent.objects.create(switch=Switch.START, by=by)


def stop_hosts(*, by: Any = None) -> None:
    get_host_controller().stop()
    HostEvent.objects.create(switch=Switch.STOP, by=by)


def _situation() -> Situation:
    slots = Slot.objects.of_engines(settings.GPU_HOST_ENGINES)
    return Situation(
        now=timezone.now(),
        state=get_host_controller().status().state,
        waiting=slots.claimable().count(),
        running=slots.leased().count(),
        last_work_at=slots.aggregate(Max("finished_at"))["finished_at__max"],
        started_at=HostEvent.objects.starts().aggregate(Max("at"))["at__max"],
    )
