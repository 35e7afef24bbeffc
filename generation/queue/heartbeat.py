"""The renewal of a lease in a thread, and the end of work whose lease is lost or whose worker shuts down."""

import logging
import threading
from typing import Self

from django.conf import settings
from django.db import Error, connection

from garden.errors import GardenError
from generation.queue.leases import Lease, renew

logger = logging.getLogger(__name__)

stopping = threading.Event()
"""Set at shutdown: unfinished slots are requeued at the next step."""


class StoppingError(GardenError):
    code = "stopping"


class LeaseLostError(GardenError):
    """The slots were cancelled, or requeued because the lease expired."""

    code = "lease_lost"


class Heartbeat:
    """Renews a lease in a thread; `on_step` raises when the lease is lost."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._progress = 0.0
        self._ended = threading.Event()
        self._lost = threading.Event()
        self._period = settings.GENERATION_HEARTBEAT_SECONDS
        self._thread = threading.Thread(target=self.run, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def lose(self) -> None:
        """The slots are given back: the next step ends the work."""
        self._lost.set()

    def on_step(self, progress: float) -> None:
        self._progress = progress
        if stopping.is_set():
            raise StoppingError("The worker is shutting down.")
        self.check()

    def check(self) -> None:
        if self._lost.is_set():
            raise LeaseLostError("The pictures were cancelled or reassigned.")

    def run(self) -> None:
        try:
            while not self._ended.wait(self._period) and not self._lost.is_set():
                self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        try:
            held = renew(lease=self._lease, progress=self._progress)
        except Error:  # Any database error, InterfaceError included: the lease outlives a few missed renewals.
            logger.warning("A heartbeat failed.", exc_info=True)
            connection.close()
        else:
            if not held:
                self._lost.set()
