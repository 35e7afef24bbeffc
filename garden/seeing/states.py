"""How things stand at the moment of the question: what a database tells, not what a process counted."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator

from django.db import DatabaseError
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

logger = logging.getLogger(__name__)
StateReader = Callable[[], Iterable[Metric]]
_readers: dict[str, StateReader] = {}


def state_reader(name: str) -> Callable[[StateReader], StateReader]:
    """Register a function that yields gauges; each app has its own, imported in its `ready`."""

    def register(reader: StateReader) -> StateReader:
        _readers[name] = reader
        return reader

    return register


def gauge(name: str, told: str, labels: tuple[str, ...], values: dict[tuple[str, ...], float]) -> GaugeMetricFamily:
    """A gauge with all its values."""
    family = GaugeMetricFamily(name, told, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family


class StatesCollector(Collector):
    """Reads all of them; one that fails is told as such, and takes no other with it."""

    def collect(self) -> Iterator[Metric]:
        took: dict[tuple[str, ...], float] = {}
        failed: dict[tuple[str, ...], float] = {}
        for name, reader in _readers.items():
            started = time.perf_counter()
            try:
                yield from list(reader())
                failed[(name,)] = 0
            except DatabaseError as error:
                logger.warning("The states of %s cannot be read (%s).", name, type(error).__name__)
                failed[(name,)] = 1
            took[(name,)] = time.perf_counter() - started
        yield gauge("garden_states_failed", "Whether states could not be read.", ("of",), failed)
        yield gauge("garden_states_seconds", "How long states took to read.", ("of",), took)
