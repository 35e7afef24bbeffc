"""The garden's own metrics: devices, alarms, queues."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from prometheus_client.core import Metric

from garden.broker import last_heard
from garden.fleet.rules import watched
from garden.models import Alarm
from garden.ops.metrics import gauge, gauge_reader

NEVER = 10.0**9
"""Seconds, for a queue without any heartbeat: beyond every limit."""


@gauge_reader("devices")
def read_devices() -> Iterator[Metric]:
    """Devices in use that have reported at least once, by state."""
    states = ("heard", "silent", "troubled")
    heard: dict[tuple[str, ...], float] = {(kind, state): 0 for kind in ("kiosk", "display") for state in states}
    limit = timezone.now() - timedelta(seconds=settings.ALERT_AFTER_SECONDS)
    for kiosk, heard_at, problem in watched().values_list("kiosk", "heard_at", "problem"):
        state = "silent" if heard_at < limit else "troubled" if problem else "heard"
        heard["kiosk" if kiosk else "display", state] += 1
    yield gauge("garden_devices", "Kiosks and displays in use, by state.", ("kind", "state"), heard)


@gauge_reader("alarms")
def read_alarms() -> Iterator[Metric]:
    opened = Alarm.objects.filter(cleared_at=None).values_list("kind").annotate(Count("pk"))
    alarms: dict[tuple[str, ...], float] = {(kind,): 0 for kind in Alarm.Kind.values}
    alarms |= {(kind,): count for kind, count in opened}
    yield gauge("garden_alarms", "Alarms that are not over.", ("kind",), alarms)


@gauge_reader("queues")
def read_queues() -> Iterator[Metric]:
    heard = {queue: last_heard(queue) for queue in settings.WORKER_QUEUES}
    ages: dict[tuple[str, ...], float] = {
        (queue,): last.age.total_seconds() if last else NEVER for queue, last in heard.items()
    }
    yield gauge("garden_queue_silent_seconds", "Seconds since the last heartbeat of a queue.", ("queue",), ages)
