"""What background work shows of itself: its log like all others, how long it took, a file that says it lives."""

import time
from pathlib import Path
from typing import Any

from celery import Celery, bootsteps
from celery.signals import (
    beat_init,
    before_task_publish,
    setup_logging,
    task_postrun,
    task_prerun,
    worker_init,
    worker_process_init,
    worker_ready,
)
from django.conf import settings
from django_structlog.celery.receivers import CeleryReceiver
from prometheus_client import start_http_server

from garden.seeing.measures import TASK_SECONDS
from garden.seeing.traces import trace_work

ALIVE_SECONDS = 10.0
_started: dict[str, float] = {}
_ids = CeleryReceiver()
"""Carries the id of a request to the tasks that it rings for."""


class SignOfLife(bootsteps.StartStopStep):
    """Touches ALIVE_FILE from the worker's own timer: a worker whose loop hangs goes quiet."""

    requires = {"celery.worker.components:Timer"}
    _timer: Any = None

    def start(self, parent: Any) -> None:
        say_alive()
        self._timer = parent.timer.call_repeatedly(ALIVE_SECONDS, say_alive)

    def stop(self, parent: Any) -> None:
        if self._timer is not None:
            self._timer.cancel()


def watch_work(app: Celery) -> None:
    """Make a Celery app show itself; once, where it is made."""
    _ids.connect_signals()
    worker_init.connect(_follow_ids)
    worker_init.connect(trace_work)
    worker_process_init.connect(trace_work)
    app.steps["worker"].add(SignOfLife)
    setup_logging.connect(_keep_our_logging)
    task_prerun.connect(_note_start)
    task_postrun.connect(_measure)
    worker_ready.connect(serve_measures)
    beat_init.connect(_watch_beat)


def say_alive(**kwargs: Any) -> None:
    if settings.ALIVE_FILE:
        Path(settings.ALIVE_FILE).touch()


def serve_measures(**kwargs: Any) -> None:
    """On a port of its own: a worker has no web server."""
    from garden.seeing.exposition import counted_registry  # Knows models, which are not there when Celery begins.

    if settings.WORKER_METRICS_ADDRESS:
        host, port = settings.WORKER_METRICS_ADDRESS
        start_http_server(port, host, registry=counted_registry())


def _follow_ids(**kwargs: Any) -> None:
    _ids.connect_worker_signals()


def _keep_our_logging(**kwargs: Any) -> None:
    """Whoever listens to `setup_logging` keeps Celery from setting up its own; ours stands since Django did."""


def _watch_beat(**kwargs: Any) -> None:
    """The clock lives as long as it rings."""
    say_alive()
    before_task_publish.connect(say_alive)


def _note_start(task_id: str, **kwargs: Any) -> None:
    _started[task_id] = time.perf_counter()


def _measure(task_id: str, task: Any, state: str | None = None, **kwargs: Any) -> None:
    started = _started.pop(task_id, None)
    if started is not None:
        TASK_SECONDS.labels(task.name, (state or "unknown").lower()).observe(time.perf_counter() - started)
