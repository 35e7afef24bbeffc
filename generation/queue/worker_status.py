"""What a worker does beside making pictures: it looks for work when it starts, reports itself, unloads idle models."""

import logging
import os
import socket
import threading
import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.db.models import F
from django.utils import timezone

from generation.backends import get_engine
from generation.engines.base import Device
from generation.models import Slot, Worker
from generation.queue.leases import QUEUE_PREFIX, requeue_expired, wake_worker

logger = logging.getLogger(__name__)

busy = threading.Lock()
"""Held while pictures are made: nothing is unloaded under them."""


class IdleKeeper(threading.Thread):
    """Beats every few seconds for the life of a worker process."""

    def __init__(self, worker: str, engines: Sequence[str], period: float = 15.0) -> None:
        super().__init__(name="idle-keeper", daemon=True)
        self._worker, self._engines, self._period = worker, list(engines), period
        self._idle_since = time.monotonic()
        self._loaded = True

    def run(self) -> None:
        while True:
            time.sleep(self._period)
            self.beat()
            connection.close()

    def beat(self) -> None:
        """Report the worker, busy or not; unload what was idle for GENERATION_UNLOAD_SECONDS."""
        if busy.acquire(blocking=False):
            try:
                self._unload_when_idle()
            finally:
                busy.release()
        else:
            self._idle_since, self._loaded = time.monotonic(), True
        try:
            report_online(worker=self._worker, engines=self._engines)
        except Error:
            logger.warning("The worker could not report itself.", exc_info=True)

    def _unload_when_idle(self) -> None:
        idle = time.monotonic() - self._idle_since
        if self._loaded and idle >= settings.GENERATION_UNLOAD_SECONDS:
            for engine in self._engines:
                get_engine(engine).unload()
            self._loaded = False


def keep_idle(sender: Any, **kwargs: Any) -> None:
    """Celery's `worker_ready`: a worker of engines' queues looks for work at once, and reports itself from now on."""
    names = sender.app.amqp.queues.consume_from
    engines = [name.removeprefix(QUEUE_PREFIX) for name in names if name.startswith(QUEUE_PREFIX)]
    if engines:
        _look_for_work(engines)
        IdleKeeper(worker_name(), engines).start()


def _look_for_work(engines: Sequence[str]) -> None:
    """Nobody may have enqueued anything since the last worker of these engines ended."""
    try:
        requeue_expired()
        for engine in Slot.objects.claimable().of_engines(engines).engines():
            wake_worker(engine)
    except Error:
        logger.warning("The worker could not look for work; the sweep will.", exc_info=True)


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
