"""The bell: tells workers that something waits. It may ring twice, or not at all; the sweeper makes up for it."""

import logging

from garden.ringing import ring
from generation.models import Worker

logger = logging.getLogger(__name__)
QUEUE_PREFIX = "pictures."


def queue_of(engine: str) -> str:
    """The Celery queue that the workers of an engine listen to."""
    return f"{QUEUE_PREFIX}{engine}"


def wake_workers(engine: str) -> None:
    """Ring once for each worker that is there, and once where none is known yet."""
    ring_for(engine, times=max(1, Worker.objects.online().count()))


def ring_for(engine: str, times: int = 1) -> None:
    """Wake up to `times` workers of an engine. A broker that is away costs time, not pictures."""
    from generation.tasks import make_pictures

    if not ring(make_pictures, engine, queue=queue_of(engine), times=times):
        logger.warning("The broker is away; the sweeper will ring for %s.", engine)
