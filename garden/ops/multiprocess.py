"""Counters of several processes of one machine, added up in the folder PROMETHEUS_MULTIPROC_DIR."""

import fcntl
import itertools
import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO

import prometheus_client.values
from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

_slots: dict[int, tuple[int, IO[bytes]]] = {}


def share_counters() -> None:
    """Call before the first counter is made."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        prometheus_client.values.ValueClass = prometheus_client.values.MultiProcessValue(_process_slot)  # type: ignore[no-untyped-call]


class ProcessesCollector(Collector):
    """The sums of all processes' files. An empty file is of a process that starts, or was killed while it did."""

    def collect(self) -> Iterable[Metric]:
        files = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).glob("*.db")
        written = [str(file) for file in files if file.stat().st_size]
        metrics: Iterable[Metric] = MultiProcessCollector.merge(written)  # type: ignore[no-untyped-call]
        return metrics


def _process_slot() -> int:
    """The lowest number that no living process has. A process goes on in the files of one that ended, where its
    counts stay: named by process ids, files would become more with each restart.
    """
    process = os.getpid()
    if process not in _slots:
        _slots.clear()
        _slots[process] = next(filter(None, map(_claim_slot, itertools.count())))
    return _slots[process][0]


def _claim_slot(number: int) -> tuple[int, IO[bytes]] | None:
    """The lock ends with its process, and a child does not inherit it."""
    file = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"], f"{number}.lock").open("ab")  # noqa: SIM115
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return number, file
