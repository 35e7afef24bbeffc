"""Worker and beat processes: their log, the duration of tasks, a liveness file."""

import time
from pathlib import Path
from threading import Thread
from typing import Any

from celery import Celery, bootsteps
from celery.concurrency.solo import TaskPool as SoloPool
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
from django.core.exceptions import ImproperlyConfigured
from django_structlog.celery.receivers import CeleryReceiver
from prometheus_client import start_http_server

from garden.broker import report_listening
from garden.ops.metrics import TASK_SECONDS, counted_registry

ALIVE_SECONDS = 10.0
REPORT_SECONDS = 30.0
_started: dict[str, float] = {}
_ids = CeleryReceiver()
"""Passes the id of a request on to the tasks that it sends."""


class LivenessStep(bootsteps.StartStopStep):
    """Touches ALIVE_FILE from the worker's own timer, so that a worker whose loop hangs stops touching it."""

    requires = {"celery.worker.components:Timer"}
    _timer: Any = None

    def start(self, parent: Any) -> None:
        _touch_alive_file()
        self._timer = parent.timer.call_repeatedly(ALIVE_SECONDS, _touch_alive_file)

    def stop(self, parent: Any) -> None:
        if self._timer is not None:
            self._timer.cancel()


def observe(app: Celery) -> None:
    """Connect everything to a Celery app; once, where it is made."""
    _ids.connect_signals()
    worker_init.connect(_receive_ids)
    worker_init.connect(_trace_worker)
    worker_process_init.connect(_trace_worker)  # Threads that export do not survive a fork.
    app.steps["worker"].add(LivenessStep)
    setup_logging.connect(_keep_our_logging)
    task_prerun.connect(_note_start)
    task_postrun.connect(_observe_duration)
    worker_process_init.connect(_serve_metrics)
    worker_ready.connect(_serve_metrics_of_solo)
    worker_ready.connect(_start_reporting)
    beat_init.connect(_watch_beat)


def start_tracing(*, requests: bool) -> None:
    """Send spans where a collector is named. Raises ImproperlyConfigured if OpenTelemetry is not installed."""
    if not settings.OTEL_EXPORTER_OTLP_ENDPOINT:
        return
    try:
        from garden.ops import tracing
    except ImportError as error:
        words = f"OTEL_EXPORTER_OTLP_ENDPOINT is set, but {error.name} is missing: install requirements/telemetry.txt."
        raise ImproperlyConfigured(words) from error
    if requests:
        tracing.trace_requests()
    else:
        tracing.trace_tasks()


def _start_reporting(sender: Any, **kwargs: Any) -> None:
    """From a thread, so that a worker that is busy for long is not taken for absent."""
    queues = [name for name in sender.app.amqp.queues.consume_from if name in settings.WORKER_QUEUES]
    if queues:
        Thread(target=_report_forever, args=[queues], name="listening", daemon=True).start()


def _report_forever(queues: list[str]) -> None:
    while True:
        report_listening(queues)
        time.sleep(REPORT_SECONDS)


def _serve_metrics_of_solo(sender: Any, **kwargs: Any) -> None:
    """In a worker with a pool, its child counts and serves."""
    if isinstance(sender.pool, SoloPool):
        _serve_metrics()


def _serve_metrics(**kwargs: Any) -> None:
    """On a port of its own, as a worker has no web server."""
    if settings.WORKER_METRICS_ADDRESS:
        host, port = settings.WORKER_METRICS_ADDRESS
        start_http_server(port, host, registry=counted_registry())


def _receive_ids(**kwargs: Any) -> None:
    _ids.connect_worker_signals()


def _trace_worker(**kwargs: Any) -> None:
    start_tracing(requests=False)


def _keep_our_logging(**kwargs: Any) -> None:
    """A receiver of `setup_logging` keeps Celery from configuring its own log; Django has configured ours."""


def _watch_beat(**kwargs: Any) -> None:
    """Beat is alive as long as it sends tasks."""
    _touch_alive_file()
    before_task_publish.connect(_touch_alive_file)


def _touch_alive_file(**kwargs: Any) -> None:
    if settings.ALIVE_FILE:
        Path(settings.ALIVE_FILE).touch()


def _note_start(task_id: str, **kwargs: Any) -> None:
    _started[task_id] = time.perf_counter()


def _observe_duration(task_id: str, task: Any, state: str | None = None, **kwargs: Any) -> None:
    started = _started.pop(task_id, None)
    if started is not None:
        TASK_SECONDS.labels(task.name, (state or "unknown").lower()).observe(time.perf_counter() - started)
