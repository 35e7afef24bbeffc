"""Celery's side of making pictures: every task may come late, twice or never."""

import faulthandler
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings

from garden.celery import shared_task
from garden.errors import GardenError
from generation.gpu_hosts import follow_the_queue
from generation.models import Slot, Worker
from generation.queue.leases import requeue_expired, wake_worker, wake_workers
from generation.queue.worker import may_begin, stop_working, work
from generation.queue.worker_status import keep_idle

logger = logging.getLogger(__name__)
worker_ready.connect(keep_idle)
worker_shutting_down.connect(stop_working)


@shared_task
def make_pictures(engine: str) -> int:
    """Make what waits for an engine, for a while; go on by another message when more is left."""
    with _ending_when_hung():
        made = work(engines=[engine], seconds=settings.GENERATION_TASK_SECONDS)
    if may_begin() and Slot.objects.claimable().of_engines([engine]).exists():
        wake_worker(engine)
    return made


@contextmanager
def _ending_when_hung() -> Iterator[None]:
    """A worker that hangs ends and says on stderr where it was; its heartbeat would renew the lease for ever."""
    faulthandler.dump_traceback_later(settings.GENERATION_TASK_SECONDS + settings.GENERATION_HANG_SECONDS, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


@shared_task
def sweep() -> int:
    """Give back what silent workers held, and wake workers where something waits."""
    requeued = requeue_expired()
    Worker.objects.long_gone().delete()
    for engine in Slot.objects.claimable().engines():
        wake_workers(engine)
    return requeued


@shared_task
def prune_canvases() -> int:
    """Remove what was opened to be retouched long ago and came to nothing, where the site says how long it is kept."""
    from generation.retouch.pruning import prune_canvases as prune

    return prune(days=settings.RETOUCH_CANVAS_DAYS)


@shared_task
def switch_hosts() -> None:
    """Start GPU hosts for waiting pictures, stop idle ones, where the site has a controller for them."""
    try:
        follow_the_queue()
    except GardenError as error:
        logger.warning("GPU hosts: %s", error.detail)
