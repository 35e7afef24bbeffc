"""Metrics for Prometheus. Labels are few and known beforehand; none is about a person.

Counters and histograms are counted by processes and added up over all that share PROMETHEUS_MULTIPROC_DIR. Gauges are
read from the database when they are requested; each app yields its own in `metrics.py`.
"""

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator

from django.db import DatabaseError
from django.utils.module_loading import autodiscover_modules
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from garden.ops.multiprocess import ProcessesCollector

logger = logging.getLogger(__name__)
GaugeReader = Callable[[], Iterable[Metric]]
gauge_readers: dict[str, GaugeReader] = {}

_REQUEST_BUCKETS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.15, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_TASK_BUCKETS = (0.05, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0)

REQUEST_SECONDS = Histogram(
    "garden_request_seconds", "How long requests took.", ["route", "method", "status"], buckets=_REQUEST_BUCKETS
)
READING_SECONDS = Histogram(
    "garden_reading_seconds", "How long faces took to read, waiting included.", buckets=_REQUEST_BUCKETS
)
READINGS = Counter(
    "garden_readings", "Photos, by what was seen in them (an emotion, or why none) and by whom.", ["seen", "reader"]
)
FAULTS = Counter("garden_face_faults", "Faces that were not seen well enough, by what was amiss.", ["fault"])
TASK_SECONDS = Histogram(
    "garden_task_seconds", "How long background work took.", ["task", "outcome"], buckets=_TASK_BUCKETS
)


def write_metrics() -> bytes:
    """Everything that is measured, in Prometheus' text format."""
    autodiscover_modules("metrics")
    gauges = CollectorRegistry()
    gauges.register(GaugeCollector())
    return generate_latest(counted_registry()) + generate_latest(gauges)


def counted_registry() -> CollectorRegistry:
    """Counters and histograms of this process, or of all that share PROMETHEUS_MULTIPROC_DIR."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    registry.register(ProcessesCollector())
    return registry


def gauge_reader(name: str) -> Callable[[GaugeReader], GaugeReader]:
    """Register a function that yields gauges."""

    def register(reader: GaugeReader) -> GaugeReader:
        gauge_readers[name] = reader
        return reader

    return register


def gauge(name: str, text: str, labels: tuple[str, ...], values: dict[tuple[str, ...], float]) -> GaugeMetricFamily:
    """A gauge with all its values."""
    family = GaugeMetricFamily(name, text, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family


class GaugeCollector(Collector):
    """Calls all readers; one that fails is reported as a metric and does not affect the others."""

    def collect(self) -> Iterator[Metric]:
        seconds: dict[tuple[str, ...], float] = {}
        failed: dict[tuple[str, ...], float] = {}
        for name, reader in gauge_readers.items():
            started = time.perf_counter()
            try:
                yield from list(reader())
                failed[(name,)] = 0
            except DatabaseError as error:
                logger.warning("The metrics of %s cannot be read (%s).", name, type(error).__name__)
                failed[(name,)] = 1
            seconds[(name,)] = time.perf_counter() - started
        yield gauge("garden_states_failed", "Whether states could not be read.", ("of",), failed)
        yield gauge("garden_states_seconds", "How long states took to read.", ("of",), seconds)
