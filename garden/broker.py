"""Messages to workers, and the heartbeats of queues.

The truth is in the database: a lost message costs time, never work. Celery is imported by the first message, since
most commands send none.
"""

import logging
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)
EXPIRES_SECONDS = 3600.0
"""What no worker took by then, the sweep of its kind has found."""
REST_SECONDS = 3.0
"""A broker that failed is not tried for so long: on a network that swallows packets each try takes seconds."""
CONFIRM_SECONDS = 3.0
"""A RabbitMQ that is short of disk or memory takes messages and confirms none."""
SILENCE = timedelta(seconds=150)
"""A worker may be busy for GENERATION_TASK_SECONDS with what came before."""
_retry_at = 0.0
"""Until then this process leaves the broker alone (monotonic seconds)."""
_RETRY_ONCE = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
"""A connection of before the broker's restart is found broken at the first try."""


def enqueue(task: str, *arguments: Any, queue: str = "", times: int = 1) -> None:
    """Send a message for `task` (its dotted path) once the transaction commits.

    A broker that is away is logged, not raised: every task sent so has a sweep in the beat schedule that makes up for
    lost messages. `times` messages wake as many workers.
    """
    transaction.on_commit(lambda: _send(task, arguments, queue, times), robust=True)


def _send(task: str, arguments: tuple[Any, ...], queue: str, times: int) -> None:
    from kombu.exceptions import OperationalError

    global _retry_at
    try:
        if time.monotonic() < _retry_at:
            raise OperationalError("it failed a moment ago")
        for _ in range(times):
            import_string(task).apply_async(
                list(arguments),
                expires=EXPIRES_SECONDS,
                ignore_result=True,
                retry_policy=_RETRY_ONCE,
                confirm_timeout=CONFIRM_SECONDS,
                **({"queue": queue} if queue else {}),
            )
    except OperationalError as error:
        if time.monotonic() >= _retry_at:
            _retry_at = time.monotonic() + REST_SECONDS
        logger.warning("The broker is unavailable (%s); the sweep will run %s later.", error, task)


def make_broker_folders() -> None:
    """The broker without a server keeps its messages in folders, which it does not make itself."""
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    for name in ("data_folder_in", "data_folder_out", "control_folder"):
        if name in options:
            Path(options[name]).mkdir(parents=True, exist_ok=True)


class QueueHeard(NamedTuple):
    at: datetime
    worker: str

    @property
    def age(self) -> timedelta:
        return timezone.now() - self.at


def note_queue_heard(*, queue: str, worker: str) -> None:
    """A worker runs a task of this queue now: beat, broker and worker work."""
    cache.set(f"queue.{queue}.heard", QueueHeard(timezone.now(), worker), timeout=None)


def last_heard(queue: str) -> QueueHeard | None:
    """None for never, and after the cache was emptied until the next task in 30 seconds."""
    heard: QueueHeard | None = cache.get(f"queue.{queue}.heard")
    return heard


def queues_listened_to() -> set[str]:
    """The queues of which a worker process runs, busy or idle."""
    return {queue for queue in settings.WORKER_QUEUES if cache.get(f"queue.{queue}.listening")}


def report_listening(queues: list[str]) -> None:
    for queue in queues:
        cache.set(f"queue.{queue}.listening", True, SILENCE.total_seconds())
