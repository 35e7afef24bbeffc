"""A worker: claims slots, makes their pictures, renews its lease meanwhile, and stores the results."""

import logging
import threading
import time
import traceback
from collections.abc import Sequence
from typing import Any, Self

from django.conf import settings
from django.db import Error, connection, transaction

from garden.errors import GardenError, RefusedError, StorageUnavailableError
from generation.backends import get_engine
from generation.engines.base import EngineUnavailableError
from generation.metrics import SLOT_SECONDS, SLOTS_FAILED
from generation.models import Slot
from generation.queue.handlers import Result, handler_of
from generation.queue.leases import Lease, claim, fail, finish, postpone, release, renew, separate
from generation.queue.scheduling import Loaded
from generation.queue.worker_status import busy, report_online, report_pictures, worker_name

logger = logging.getLogger(__name__)


STORAGE_WAIT = 5.0
"""Seconds before retrying after the storage was unavailable."""


class StorageWait:
    """Until when this process starts no picture because the storage is unavailable (monotonic seconds)."""

    until = 0.0


storage_wait = StorageWait()
stopping = threading.Event()
"""Set at shutdown: unfinished slots are requeued at the next step."""


class StoppingError(GardenError):
    code = "stopping"


class LeaseLostError(GardenError):
    """The slots were cancelled, or requeued because the lease expired."""

    code = "lease_lost"


def work(*, engines: Sequence[str], worker: str = "", seconds: float | None = None) -> int:
    """Make waiting pictures of these engines until none is left or the time is over; returns their number."""
    worker = worker or worker_name()
    ends = None if seconds is None else time.monotonic() + seconds
    made = 0
    while can_start() and (ends is None or time.monotonic() < ends):
        loaded = models.loaded()
        lease = claim(worker=worker, engines=engines, batch_size=_batch_size, loaded=loaded)
        if lease is None:
            break
        with busy:
            made += _make(lease, worker)
        models.note(lease.slots[0])
    report_online(worker=worker, engines=engines)
    return made


def can_start() -> bool:
    """Whether a picture started now could be finished and stored."""
    return not stopping.is_set() and time.monotonic() >= storage_wait.until


def stop_working(**kwargs: Any) -> None:
    """Receiver of Celery's `worker_shutting_down`."""
    stopping.set()


class ModelUsage:
    """The model that this process used last, and since when."""

    def __init__(self) -> None:
        self._last: tuple[str, str] | None = None
        self._changed_at = time.monotonic()

    def loaded(self) -> Loaded:
        return Loaded(_is_loaded, time.monotonic() - self._changed_at)

    def note(self, slot: Slot) -> None:
        """Record the model of a processed slot; loading time does not count."""
        if self._last != (slot.engine, slot.model):
            self._last, self._changed_at = (slot.engine, slot.model), time.monotonic()


models = ModelUsage()


def _is_loaded(engine: str, model: str) -> bool:
    """True for an unknown engine or model as well: the slot then fails without loading anything."""
    try:
        return get_engine(engine).is_loaded(model)
    except GardenError:
        return True


def _batch_size(slot: Slot) -> int:
    return handler_of(slot).batch_size(slot)


def _make(lease: Lease, worker: str) -> int:
    """Make the pictures of a lease and store each as soon as it is finished; returns how many were stored."""
    waiting = list(lease.slots)
    started = time.monotonic()
    made = 0
    try:
        with Heartbeat(lease) as heartbeat:
            for result in handler_of(waiting[0]).work(lease.slots, heartbeat.on_step):
                made += _store(result.slot, lease, result)
                waiting.remove(result.slot)
    except (LeaseLostError, StoppingError) as error:
        logger.info("%s: %s", worker, error)
    except StorageUnavailableError as error:
        logger.warning("%s: %s", worker, error)
        postpone(lease=lease, error=error.detail, wait=STORAGE_WAIT)
        storage_wait.until = time.monotonic() + STORAGE_WAIT
    except Exception as error:  # The boundary of the work: the slot records whatever it was.
        _record_failure(waiting, lease, error)
    finally:
        release(lease=lease)
    if made:
        report_pictures(worker=worker, slot=lease.slots[0], pictures=made, seconds=time.monotonic() - started)
    return made


def _store(slot: Slot, lease: Lease, result: Result) -> bool:
    """Store the files, then the rows and the slot's state in one transaction.

    False when the lease of the slot was lost; then no row is saved. A file written after the check is removed by
    `sync_storage`.
    """
    if not renew(lease=lease) or not lease.holds(slot):
        return False
    result.write()
    with transaction.atomic():
        stored = finish(slot=slot, lease=lease, image=result.save(), seconds=result.seconds)
        transaction.set_rollback(not stored)
    if stored:
        SLOT_SECONDS.labels(slot.engine).observe(result.seconds)
    return stored


def _record_failure(waiting: Sequence[Slot], lease: Lease, error: Exception) -> None:
    """An expected error belongs to the first unfinished slot. After a crash in a batch, each slot is made alone."""
    slot = waiting[0]
    detail = error.detail if isinstance(error, GardenError) else "".join(traceback.format_exception(error))
    logger.warning("Slot %s failed: %s", slot.pk, error)
    SLOTS_FAILED.labels(slot.engine).inc()
    if len(waiting) > 1 and not isinstance(error, GardenError):
        separate(lease=lease, error=detail)
        return
    wait = error.retry_after if isinstance(error, EngineUnavailableError) else 0.0
    fail(slot=slot, lease=lease, error=detail, permanent=isinstance(error, RefusedError), wait=wait)


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
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def on_step(self, progress: float) -> None:
        self._progress = progress
        if stopping.is_set():
            raise StoppingError("The worker is shutting down.")
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
