"""Results are encoded, written and registered in threads, while the worker makes the next batch."""

import logging
import queue
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Self

from django.conf import settings
from django.db import connection, transaction

from garden.errors import GardenError, RefusedError, StorageUnavailableError
from generation.metrics import SLOT_SECONDS, SLOTS_FAILED
from generation.models import Slot
from generation.queue.handlers import Result
from generation.queue.heartbeat import Heartbeat, LeaseLostError
from generation.queue.leases import Lease, fail, finish, postpone, release, renew
from generation.queue.worker_status import report_pictures

logger = logging.getLogger(__name__)

STORAGE_WAIT = 5.0
"""Seconds before retrying after the storage was unavailable."""
MOST_WAITING = 1
"""Batches that wait for the one that is being stored; then the engine waits, too."""


class StorageWait:
    """Until when this process starts no picture because the storage is unavailable (monotonic seconds)."""

    until = 0.0


storage_wait = StorageWait()

Ending = Callable[[], object]
"""What becomes of the slots of a lease without a result, once the results are stored."""


@dataclass(slots=True)
class Batch:
    """A lease from its claim until its last result is stored. Its heartbeat covers all of that time."""

    lease: Lease
    heartbeat: Heartbeat
    started: float = field(default_factory=time.monotonic)
    made_in: float = 0.0
    results: list[Result] = field(default_factory=list)
    """Results that were not handed over yet."""
    stored: int = 0

    @property
    def unfinished(self) -> int:
        return len(self.lease.slots) - self.stored


@dataclass(frozen=True, slots=True)
class _Part:
    """Results of a batch that are stored together; the last part of a batch has its ending."""

    batch: Batch
    results: Sequence[Result]
    ending: Ending | None = None


class ResultPool:
    """Stores the results of one call of `work`.

    One thread with a database connection takes the parts in order; GENERATION_STORING_THREADS others, without one,
    encode pictures and write files. With none of them, or within a transaction, whose rows no other thread sees,
    the caller's thread stores.
    """

    def __init__(self, worker: str) -> None:
        self.stored = 0
        self._worker = worker
        self._encoders = 0 if connection.in_atomic_block else settings.GENERATION_STORING_THREADS
        self._parts: queue.Queue[_Part | None] = queue.Queue(MOST_WAITING)
        self._thread: threading.Thread | None = None
        self._executor: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Everything that was handed over is stored."""
        if self._thread is not None:
            self._parts.put(None)
            self._thread.join()
        if self._executor is not None:
            self._executor.shutdown()

    def open(self, lease: Lease) -> Batch:
        heartbeat = Heartbeat(lease)
        heartbeat.start()
        return Batch(lease, heartbeat)

    def add(self, batch: Batch, result: Result) -> None:
        """The results of a batch usually come all at once; they are handed over at its next step or its end.

        Raises LeaseLostError when the slots were given back.
        """
        batch.heartbeat.check()
        batch.results.append(result)

    def on_step(self, batch: Batch, progress: float) -> None:
        """Raises StoppingError and LeaseLostError."""
        if batch.results:
            self._hand_over(batch)
        batch.heartbeat.on_step(progress)

    def close(self, batch: Batch, ending: Ending) -> None:
        """No more results come; slots that have none are released after the ending."""
        batch.made_in = time.monotonic() - batch.started
        self._hand_over(batch, ending)

    @property
    def is_storing(self) -> bool:
        return self._parts.unfinished_tasks > 0

    def drain(self) -> None:
        """Wait until everything that was handed over is stored."""
        self._parts.join()

    def _hand_over(self, batch: Batch, ending: Ending | None = None) -> None:
        part = _Part(batch, batch.results, ending)
        batch.results = []
        if not self._encoders:
            self._process(part)
            return
        if self._thread is None:
            self._executor = ThreadPoolExecutor(self._encoders, "encoder")
            self._thread = threading.Thread(target=self._run, name="result pool", daemon=True)
            self._thread.start()
        self._parts.put(part)

    def _run(self) -> None:
        try:
            while (part := self._parts.get()) is not None:
                try:
                    self._process(part)
                except Exception:  # The boundary of this thread: the lease expires, and its slots are made again.
                    logger.exception("Pictures could not be stored.")
                    part.batch.heartbeat.lose()
                    connection.close()
                finally:
                    self._parts.task_done()
        finally:
            connection.close()

    def _process(self, part: _Part) -> None:
        batch = part.batch
        try:
            if part.results:
                stored = self._store(batch, part.results)
                batch.stored += stored
                self.stored += stored
            if part.ending is not None:
                part.ending()
                if batch.unfinished:
                    release(lease=batch.lease)
                if batch.stored:
                    report_pictures(
                        worker=self._worker, slot=batch.lease.slots[0], pictures=batch.stored, seconds=batch.made_in
                    )
        finally:
            if part.ending is not None:
                batch.heartbeat.stop()

    def _store(self, batch: Batch, results: Sequence[Result]) -> int:
        """Write the files of slots still under the lease, then their rows; returns how many were stored.

        Results of a lease that was given back are dropped.
        """
        lease = batch.lease
        held = renew(lease=lease)
        if held < batch.unfinished:
            under_lease = set(lease.held.values_list("pk", flat=True))
            results = [result for result in results if result.slot.pk in under_lease]
        errors = list(self._executor.map(_write, results) if self._executor else map(_write, results))
        stored = store_rows(lease, [result for result, error in zip(results, errors, strict=True) if error is None])
        away = next((error for error in errors if isinstance(error, StorageUnavailableError)), None)
        for result, error in zip(results, errors, strict=True):
            if error is not None and not isinstance(error, StorageUnavailableError):
                record_failure(result.slot, lease, error)
        if away is not None:
            postpone_for_storage(batch, away)
        return stored


def postpone_for_storage(batch: Batch, error: StorageUnavailableError) -> None:
    """The slots of the batch wait uncounted, and this process starts no picture meanwhile."""
    logger.warning("%s", error)
    batch.heartbeat.lose()
    storage_wait.until = time.monotonic() + STORAGE_WAIT
    postpone(lease=batch.lease, error=error.detail, wait=STORAGE_WAIT)


def _write(result: Result) -> Exception | None:
    try:
        result.write()
    except Exception as error:  # The slot records whatever it was.
        return error
    return None


def store_rows(lease: Lease, results: Sequence[Result]) -> int:
    """Save the rows of written results and end their slots; returns how many. A slot whose lease was lost has no row.

    Together in one transaction where that is possible, otherwise in one for each.
    """
    if len(results) > 1 and all(result.together for result in results) and _store_together(lease, results):
        return len(results)
    return sum(_store_one(lease, result) for result in results)


def _store_together(lease: Lease, results: Sequence[Result]) -> bool:
    """False, and nothing is saved, when a slot is not held or in use by another transaction, or a row is refused.

    Slots are locked without waiting: cancelling a job locks several, in another order.
    """
    slots = [result.slot.pk for result in results]
    try:
        with transaction.atomic():
            lockable = lease.held.filter(pk__in=slots).select_for_update(skip_locked=True)
            if len(lockable.values_list("pk", flat=True)) < len(slots):
                return False
            for result, image in zip(results, results[0].save_all(results), strict=True):
                if not finish(slot=result.slot, lease=lease, image=image, seconds=result.seconds):
                    raise LeaseLostError("The picture was cancelled or reassigned.")
    except Exception:  # The one that is to blame is found when each is stored alone.
        logger.info("A batch is stored picture by picture.", exc_info=True)
        return False
    for result in results:
        SLOT_SECONDS.labels(result.slot.engine).observe(result.seconds)
    return True


def _store_one(lease: Lease, result: Result) -> bool:
    slot = result.slot
    try:
        with transaction.atomic():
            stored = finish(slot=slot, lease=lease, image=result.save(), seconds=result.seconds)
            transaction.set_rollback(not stored)
    except Exception as error:  # The boundary of the work: the slot records whatever it was.
        record_failure(slot, lease, error)
        return False
    if stored:
        SLOT_SECONDS.labels(slot.engine).observe(result.seconds)
    return stored


def record_failure(slot: Slot, lease: Lease, error: Exception, wait: float = 0.0) -> bool:
    """The slot records its error: the message of an expected one, otherwise the traceback."""
    note_failure(slot, error)
    return fail(
        slot=slot, lease=lease, error=describe_error(error), permanent=isinstance(error, RefusedError), wait=wait
    )


def note_failure(slot: Slot, error: Exception) -> None:
    logger.warning("Slot %s failed: %s", slot.pk, error)
    SLOTS_FAILED.labels(slot.engine).inc()


def describe_error(error: Exception) -> str:
    return error.detail if isinstance(error, GardenError) else "".join(traceback.format_exception(error))
