"""Celery tasks. Each may run late, twice or never."""

import faulthandler
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings

from garden.celery import shared_task
from garden.errors import GardenError
from generation.gpu_hosts import switch_by_queue
from generation.models import Slot, Worker
from generation.queue.leases import requeue_expired, wake_worker, wake_workers
from generation.queue.worker import can_start, stop_working, work
from generation.queue.worker_status import start_status_thread

logger = logging.getLogger(__name__)
worker_ready.connect(start_status_thread)
worker_shutting_down.connect(stop_working)


@shared_task
def make_pictures(engine: str) -> int:
    """Make waiting pictures for GENERATION_TASK_SECONDS; enqueue another task when more are left."""
    with _exit_when_hung():
        made = work(engines=[engine], seconds=settings.GENERATION_TASK_SECONDS)
    if can_start() and Slot.objects.claimable().of_engines([engine]).exists():
        wake_worker(engine)
    return made


@contextmanager
def _exit_when_hung() -> Iterator[None]:
    """End a hanging worker with a traceback on stderr; its heartbeat would renew the lease forever."""
    faulthandler.dump_traceback_later(settings.GENERATION_TASK_SECONDS + settings.GENERATION_HANG_SECONDS, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


@shared_task
def sweep() -> int:
    """Requeue expired slots, delete stale workers, and wake workers where slots wait."""
    requeued = requeue_expired()
    Worker.objects.stale().delete()
    for engine in Slot.objects.claimable().engines():
        wake_workers(engine)
    return requeued


@shared_task
def prune_canvases() -> int:
    """Remove unused canvases after RETOUCH_CANVAS_DAYS."""
    from generation.retouch.pruning import prune_canvases as prune

    return prune(days=settings.RETOUCH_CANVAS_DAYS)


@shared_task
def prune_growths() -> int:
    """Delete old jobs of pictures that were grown for visitors."""
    from generation.growing import prune_growths as prune

    return prune()


@shared_task
def make_parallax() -> int:
    """Write the layers of painter pictures on walls."""
    from generation.parallax import make_parallax as make  # Loads OpenCV.

    return make()


@shared_task
def switch_hosts() -> None:
    """Start GPU hosts for waiting pictures and stop idle ones."""
    try:
        switch_by_queue()
    except GardenError as error:
        logger.warning("GPU hosts: %s", error.detail)
