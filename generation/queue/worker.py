"""A worker: claims slots, makes their pictures, keeps its lease alive meanwhile, and stores what comes out."""

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
from generation.queue.worker_status import busy, report_made, report_online, worker_name

logger = logging.getLogger(__name__)


STORAGE_WAIT = 5.0
"""Seconds until a picture that found no place is made again, and until another one is begun."""


class StorageWait:
    """Until when this process begins no picture, because the storage took none (monotonic seconds)."""

    until = 0.0


storage_wait = StorageWait()
stopping = threading.Event()
"""Set when this process was asked to end: what is being made goes back to the queue at the next step."""


class StoppingError(GardenError):
    """The worker was asked to end."""

    code = "stopping"


class LeaseLostError(GardenError):
    """The slots were cancelled, or given to somebody else after a silence of ours."""

    code = "lease_lost"


def work(*, engines: Sequence[str], worker: str = "", seconds: float | None = None) -> int:
    """Make waiting pictures of these engines until none waits or the time is over; returns how many were made."""
    worker = worker or worker_name()
    ends = None if seconds is None else time.monotonic() + seconds
    made = 0
    while may_begin() and (ends is None or time.monotonic() < ends):
        loaded = models.loaded()
        lease = claim(worker=worker, engines=engines, batch_size=_batch_size, loaded=loaded)
        if lease is None:
            break
        with busy:
            made += _make(lease, worker)
        models.note(lease.slots[0])
    report_online(worker=worker, engines=engines)
    return made


def may_begin() -> bool:
    """Whether a picture begun now could be finished and kept."""
    return not stopping.is_set() and time.monotonic() >= storage_wait.until


def stop_working(**kwargs: Any) -> None:
    """Celery's `worker_shutting_down`."""
    stopping.set()


class ProcessModels:
    """Which model this process made slots with last, and since when: it keeps one of an engine in memory."""

    def __init__(self) -> None:
        self._last: tuple[str, str] | None = None
        self._changed_at = time.monotonic()

    def loaded(self) -> Loaded:
        return Loaded(_is_loaded, time.monotonic() - self._changed_at)

    def note(self, slot: Slot) -> None:
        """A slot was worked on; the time that loading its model took does not count."""
        if self._last != (slot.engine, slot.model):
            self._last, self._changed_at = (slot.engine, slot.model), time.monotonic()


models = ProcessModels()


def _is_loaded(engine: str, model: str) -> bool:
    """Also where there is no such engine or model: the slot then fails without loading anything."""
    try:
        return get_engine(engine).is_loaded(model)
    except GardenError:
        return True


def _batch_size(slot: Slot) -> int:
    """How many slots like this one the engine makes best together."""
    return handler_of(slot).batch_size(slot)


def _make(lease: Lease, worker: str) -> int:
    """Make the pictures of one lease, each stored as soon as it is finished; returns how many were stored."""
    waiting = list(lease.slots)
    started = time.monotonic()
    made = 0
    try:
        with Heartbeat(lease) as beat:
            for finished in handler_of(waiting[0]).work(lease.slots, beat.on_step):
                made += _keep(finished.slot, lease, finished)
                waiting.remove(finished.slot)
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
        report_made(worker=worker, slot=lease.slots[0], pictures=made, seconds=time.monotonic() - started)
    return made


def _keep(slot: Slot, lease: Lease, finished: Result) -> bool:
    """Store the files, then their rows and the end of the slot in one transaction.

    False when the slot is not ours any more: it was cancelled, or its lease went to another worker. Then no row is
    saved; a file is written only when that happened after the check, and `sync_storage` removes it.
    """
    if not renew(lease=lease) or not lease.holds(slot):
        return False
    finished.write()
    with transaction.atomic():
        kept = finish(slot=slot, lease=lease, image=finished.save(), seconds=finished.seconds)
        transaction.set_rollback(not kept)
    if kept:
        SLOT_SECONDS.labels(slot.engine).observe(finished.seconds)
    return kept


def _record_failure(waiting: Sequence[Slot], lease: Lease, error: Exception) -> None:
    """Expected errors are those of the next slot. A crash over several slots may be any one's: each is made alone."""
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
    """Renews a lease from a thread of its own; `on_step` tells the engine to stop when the lease is gone."""

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
            raise StoppingError("The worker was asked to end.")
        if self._lost.is_set():
            raise LeaseLostError("The pictures were cancelled, or given to another worker.")

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
