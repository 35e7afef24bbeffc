"""A worker: claims slots and makes their pictures; a pool stores the results meanwhile."""

import logging
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from garden.errors import GardenError, StorageUnavailableError
from generation.backends import get_engine
from generation.engines.base import EngineUnavailableError
from generation.models import Slot
from generation.queue.handlers import handler_of
from generation.queue.heartbeat import LeaseLostError, StoppingError, stopping
from generation.queue.leases import Lease, claim, separate
from generation.queue.result_pool import (
    Ending,
    ResultPool,
    describe_error,
    note_failure,
    postpone_for_storage,
    record_failure,
    storage_wait,
)
from generation.queue.scheduling import Loaded
from generation.queue.worker_status import busy, report_online, worker_name

logger = logging.getLogger(__name__)


def work(*, engines: Sequence[str], worker: str = "", seconds: float | None = None) -> int:
    """Make waiting pictures of these engines until none is left or the time is over; returns their number."""
    worker = worker or worker_name()
    ends = None if seconds is None else time.monotonic() + seconds
    with ResultPool(worker) as pool:
        while can_start() and (ends is None or time.monotonic() < ends):
            storing = pool.is_storing  # Before the claim: what fails after it is waiting again.
            lease = claim(worker=worker, engines=engines, batch_size=_batch_size, loaded=models.loaded())
            if lease is None:
                if not storing:
                    break
                pool.drain()
                continue
            _make(lease, pool)
            models.note(lease.slots[0])
    report_online(worker=worker, engines=engines)
    return pool.stored


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


def _make(lease: Lease, pool: ResultPool) -> None:
    """Make the pictures of a lease. A slot that is made alone is alone in its worker: its death has no other cause."""
    alone = lease.slots[0].alone
    if alone:
        pool.drain()
    with busy:
        _make_batch(lease, pool)
    if alone:
        pool.drain()


def _make_batch(lease: Lease, pool: ResultPool) -> None:
    waiting = list(lease.slots)
    batch = pool.open(lease)
    ending: Ending = _nothing_left
    try:
        for result in handler_of(waiting[0]).work(lease.slots, partial(pool.on_step, batch)):
            pool.add(batch, result)
            waiting.remove(result.slot)
    except (LeaseLostError, StoppingError) as error:
        logger.info("%s", error)
    except StorageUnavailableError as error:
        ending = partial(postpone_for_storage, batch, error)
    except Exception as error:  # The boundary of the work: the slot records whatever it was.
        ending = partial(_end_failed, waiting, lease, error)
    finally:
        pool.close(batch, ending)


def _nothing_left() -> None:
    """The ending of a batch without an error."""


def _end_failed(waiting: Sequence[Slot], lease: Lease, error: Exception) -> None:
    """An expected error belongs to the first unfinished slot. After a crash in a batch, each slot is made alone."""
    slot = waiting[0]
    if len(waiting) > 1 and not isinstance(error, GardenError):
        note_failure(slot, error)
        separate(lease=lease, error=describe_error(error))
        return
    record_failure(slot, lease, error, wait=error.retry_after if isinstance(error, EngineUnavailableError) else 0.0)
