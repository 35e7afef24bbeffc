"""What a worker does between pictures: it says that it is there, and lets go of memory that nobody asks for."""

import logging
import threading
import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import Error, connection

from generation.bell import QUEUE_PREFIX
from generation.engines.registry import get_engine
from generation.reporting import report_idle, worker_name

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
        """One look: report, and unload what was idle for GENERATION_UNLOAD_SECONDS."""
        if not busy.acquire(blocking=False):
            self._idle_since, self._loaded = time.monotonic(), True
            return
        try:
            self._unload_when_idle()
            report_idle(worker=self._worker, engines=self._engines)
        except Error:
            logger.warning("The worker could not report itself.", exc_info=True)
        finally:
            busy.release()

    def _unload_when_idle(self) -> None:
        idle = time.monotonic() - self._idle_since
        if self._loaded and idle >= settings.GENERATION_UNLOAD_SECONDS:
            for engine in self._engines:
                get_engine(engine).unload()
            self._loaded = False


def keep_idle(sender: Any, **kwargs: Any) -> None:
    """Celery's `worker_ready`: a worker that listens to engines' queues reports itself from now on."""
    names = sender.app.amqp.queues.consume_from
    engines = [name.removeprefix(QUEUE_PREFIX) for name in names if name.startswith(QUEUE_PREFIX)]
    if engines:
        IdleKeeper(worker_name(), engines).start()
