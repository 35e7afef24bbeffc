"""The pulse of every queue: one small task a queue, twice a minute, says that clock, broker and worker are there."""

import logging
import time
from datetime import timedelta
from threading import Thread
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from garden.models import Pulse

logger = logging.getLogger(__name__)
EVERY_SECONDS = 30.0
SILENCE = timedelta(seconds=150)
"""A worker may be busy for GENERATION_TASK_SECONDS with what came before."""


def note_pulse(*, queue: str, worker: str) -> None:
    Pulse.objects.update_or_create(queue=queue, defaults={"heard_at": timezone.now(), "worker": worker[:255]})


def report_listening(sender: Any, **kwargs: Any) -> None:
    """Celery's `worker_ready`: from a thread, so that a worker that is busy for long is not taken for absent."""
    queues = [name for name in sender.app.amqp.queues.consume_from if name in settings.WORKER_QUEUES]
    if queues:
        Thread(target=_report_forever, args=[queues], name="listening", daemon=True).start()


def queues_listened_to() -> set[str]:
    """The queues of which a worker process runs, busy or idle."""
    since = timezone.now() - SILENCE
    return set(Pulse.objects.filter(listening_at__gte=since).values_list("queue", flat=True))


def _report_forever(queues: list[str]) -> None:
    while True:
        try:
            for queue in queues:
                now = {"listening_at": timezone.now()}
                Pulse.objects.update_or_create(queue=queue, defaults=now, create_defaults={**now, "heard_at": None})
        except Error:
            logger.warning("The worker could not report which queues it listens to.", exc_info=True)
        finally:
            connection.close()
        time.sleep(EVERY_SECONDS)


def silence_of(queues: list[str]) -> dict[str, timedelta | None]:
    """How long each queue was silent; None was never heard."""
    heard = {pulse.queue: pulse.age for pulse in Pulse.objects.filter(queue__in=queues)}
    return {queue: heard.get(queue) for queue in queues}
