"""Messages to workers. The truth is in the database: a lost message costs time, never work.

Celery is imported by the first message: most commands send none.
"""

import logging
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)
EXPIRES_SECONDS = 3600.0
"""What no worker took by then, the sweep of its kind has found."""
REST_SECONDS = 3.0
"""A broker that failed is not tried for so long: on a network that swallows packets each try takes seconds."""
CONFIRM_SECONDS = 3.0
"""A RabbitMQ that is short of disk or memory takes messages and confirms none."""
_RETRY_ONCE = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
"""A connection of before the broker's restart is found broken at the first try."""


class _Rest:
    """Until when this process leaves the broker alone (monotonic seconds)."""

    until = 0.0


_rest = _Rest()


def enqueue(task: str, *arguments: Any, queue: str = "", times: int = 1) -> None:
    """Send a message for `task` (its dotted path) once the transaction commits.

    A broker that is away is logged, not raised: every task sent so has a sweep in the beat schedule that makes up for
    lost messages. `times` messages wake as many workers.
    """
    transaction.on_commit(lambda: _send(task, arguments, queue, times), robust=True)


def _send(task: str, arguments: tuple[Any, ...], queue: str, times: int) -> None:
    from kombu.exceptions import OperationalError

    try:
        if time.monotonic() < _rest.until:
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
        if time.monotonic() >= _rest.until:
            _rest.until = time.monotonic() + REST_SECONDS
        logger.warning("The broker is away (%s); the sweep will make up for %s.", error, task)


def make_broker_folders() -> None:
    """The broker without a server keeps its messages in folders, which it does not make itself."""
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    for name in ("data_folder_in", "data_folder_out", "control_folder"):
        if name in options:
            Path(options[name]).mkdir(parents=True, exist_ok=True)


def load_celery(**signal: Any) -> None:
    """Receiver of `server_started`: the first visitor does not wait for it."""
    import garden.tasks  # noqa: F401
