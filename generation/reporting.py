"""What workers say of themselves, for those who watch and for the estimate of how long a job will take."""

import os
import socket
from collections.abc import Sequence

from django.db.models import F
from django.utils import timezone

from generation.engines.base import Device
from generation.engines.registry import get_engine
from generation.models import Slot, Worker

MEMORY = 0.3
"""Weight of the newest measurement in the running speed of a worker."""


def worker_name() -> str:
    """This process, as others know it."""
    return f"{socket.gethostname()}:{os.getpid()}"


def report_online(*, worker: str, engines: Sequence[str]) -> None:
    """The worker is there, whether it has something to do or not."""
    device = get_engine(engines[0]).describe_device() if engines else Device("")
    described = {"engines": list(engines), "device": device.name, "memory_bytes": device.memory_bytes}
    Worker.objects.update_or_create(name=worker, defaults={**described, "last_seen_at": timezone.now()})


def report_made(*, worker: str, slot: Slot, pictures: int, seconds: float) -> None:
    """The worker made pictures like this slot's in so many seconds."""
    now = timezone.now()
    pace = seconds / pictures
    known, _ = Worker.objects.get_or_create(name=worker, defaults={"engines": [slot.engine]})
    before = known.seconds_per_picture
    Worker.objects.filter(pk=worker).update(
        pictures_made=F("pictures_made") + pictures,
        seconds_per_picture=pace if before is None else before + MEMORY * (pace - before),
        model=slot.model,
        last_seen_at=now,
        last_busy_at=now,
    )
