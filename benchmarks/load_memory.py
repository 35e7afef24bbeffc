"""How much memory processes hold, looked at every few seconds."""

import statistics
import threading
from collections import defaultdict
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import psutil

PERIOD_SECONDS = 5.0
ALLOWED_SHARE, ALLOWED_MB = 0.10, 24.0
"""More than both of these from a run's second fifth to its last is a leak, or may be one."""


class MemoryWatch:
    """`series` holds megabytes of resident memory by name, children included."""

    def __init__(self, processes: Mapping[str, psutil.Process]) -> None:
        self.series: dict[str, list[float]] = defaultdict(list)
        self._processes = processes
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.is_set():
            for name, process in self._processes.items():
                self.series[name].append(round(_megabytes(process), 1))
            self._ended.wait(PERIOD_SECONDS)


def verdict(series: list[float]) -> tuple[float, float, bool]:
    """Median megabytes early (second fifth) and late (last fifth), and whether that is flat."""
    fifth = max(1, len(series) // 5)
    early = statistics.median(series[fifth : 2 * fifth] or series[:1])
    late = statistics.median(series[-fifth:])
    return early, late, late - early <= max(ALLOWED_SHARE * early, ALLOWED_MB)


def _megabytes(process: psutil.Process) -> float:
    """Unique memory, so that what PostgreSQL's processes share counts once."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_full_info().uss
        except psutil.NoSuchProcess:
            continue
    return total / 1e6
