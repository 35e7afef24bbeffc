"""Counts of all processes of one machine, in a small SQLite file of its own: the garden's database is not touched."""

import sqlite3
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from garden.rates.base import CounterUnavailableError, RateCounter, Tally
from garden.rates.upsert import TABLE, clearing, counting, values

_COUNT = counting("?")
_SWEEP_EVERY = 1_000
_BEGIN = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=OFF",  # After a power cut everybody begins anew.
    f"CREATE TABLE IF NOT EXISTS {TABLE} (name TEXT PRIMARY KEY, count INTEGER, ends_at REAL) WITHOUT ROWID",
)


@dataclass(frozen=True)
class FileCounter(RateCounter):
    """`path` is made when it is first needed; what is damaged is made anew."""

    path: Path
    _state: dict[str, sqlite3.Connection] = field(default_factory=dict, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _hits: list[int] = field(default_factory=lambda: [0], init=False, repr=False)

    def hit(self, name: str, seconds: float) -> Tally:
        now = time.time()
        with self._lock:
            try:
                count, ends_at = self._connection().execute(_COUNT, values(name, now, seconds)).fetchone()
                self._sweep(now)
            except (sqlite3.Error, OSError) as error:
                self._give_up()
                raise CounterUnavailableError(f"{self.path.name} cannot be written: {error}.") from error
        return Tally(count, max(0.0, ends_at - now))

    def clear(self, name: str) -> int:
        with self._lock:
            try:
                row = self._connection().execute(clearing("?"), (name,)).fetchone()
            except (sqlite3.Error, OSError) as error:
                self._give_up()
                raise CounterUnavailableError(f"{self.path.name} cannot be written: {error}.") from error
        return int(row[0]) if row else 0

    def forget(self) -> None:
        with self._lock:
            self._connection().execute(f"DELETE FROM {TABLE}")  # noqa: S608  # TABLE is a constant.

    def _connection(self) -> sqlite3.Connection:
        """One for all threads: they take turns, and only other processes are waited for."""
        if "it" not in self._state:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._state["it"] = self._open()
        return self._state["it"]

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=1, isolation_level=None, check_same_thread=False)
        for statement in _BEGIN:
            connection.execute(statement)
        return connection

    def _sweep(self, now: float) -> None:
        self._hits[0] += 1
        if self._hits[0] % _SWEEP_EVERY == 0:
            self._connection().execute(f"DELETE FROM {TABLE} WHERE ends_at <= ?", (now,))  # noqa: S608  # TABLE is a constant.

    def _give_up(self) -> None:
        connection = self._state.pop("it", None)
        if connection is not None:
            connection.close()
