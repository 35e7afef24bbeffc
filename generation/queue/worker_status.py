"""Worker status: heartbeats, waking up at start, and unloading of idle models."""

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
from django.db.models.functions import Coalesce
from django.utils import timezone

from generation.backends import get_engine
from generation.engines.base import Device
from generation.models import Slot, Worker
from generation.queue.leases import QUEUE_PREFIX, requeue_expired, wake_worker

logger = logging.getLogger(__name__)

busy = threading.Lock()
"""Held while pictures are made, so that no model in use is unloaded."""


class StatusThread(threading.Thread):
    """Runs for the life of a worker process."""

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
        """Report the worker, and unload models that were idle for GENERATION_UNLOAD_SECONDS."""
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
            logger.warning("The worker could not update its status.", exc_info=True)

    def _unload_when_idle(self) -> None:
        idle = time.monotonic() - self._idle_since
        if self._loaded and idle >= settings.GENERATION_UNLOAD_SECONDS:
            for engine in self._engines:
                get_engine(engine).unload()
            self._loaded = False


def start_status_thread(sender: Any, **kwargs: Any) -> None:
    """Receiver of Celery's `worker_ready`, for workers of picture queues."""
    names = sender.app.amqp.queues.consume_from
    engines = [name.removeprefix(QUEUE_PREFIX) for name in names if name.startswith(QUEUE_PREFIX)]
    if engines:
        _look_for_work(engines)
        StatusThread(worker_name(), engines).start()


def _look_for_work(engines: Sequence[str]) -> None:
    """Messages may have been lost while no worker of these engines was online."""
    try:
        requeue_expired()
        for engine in Slot.objects.claimable().of_engines(engines).engines():
            wake_worker(engine)
    except Error:
        logger.warning("The worker could not check for waiting slots; the sweep will.", exc_info=True)


SPEED_WEIGHT = 0.3
"""Weight of the newest measurement in a worker's moving average."""


def worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def report_online(*, worker: str, engines: Sequence[str]) -> None:
    """Record that the worker is online, busy or idle."""
    device = get_engine(engines[0]).describe_device() if engines else Device("")
    described = {"engines": list(engines), "device": device.name, "memory_bytes": device.memory_bytes}
    Worker.objects.update_or_create(name=worker, defaults={**described, "last_seen_at": timezone.now()})


def report_pictures(*, worker: str, slot: Slot, pictures: int, seconds: float) -> None:
    """Record finished pictures and update the average speed."""
    now = timezone.now()
    seconds_each = seconds / pictures
    average = (1 - SPEED_WEIGHT) * F("seconds_per_picture") + SPEED_WEIGHT * seconds_each
    seen = {"model": slot.model, "last_seen_at": now, "last_busy_at": now}
    known = Worker.objects.filter(pk=worker).update(
        pictures_made=F("pictures_made") + pictures, seconds_per_picture=Coalesce(average, seconds_each), **seen
    )
    if not known:
        made = {"pictures_made": pictures, "seconds_per_picture": seconds_each}
        Worker.objects.create(name=worker, engines=[slot.engine], **made, **seen)
