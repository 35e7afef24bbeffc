"""Counts of one process alone: for a single process, and while the common place cannot be reached."""

import threading
import time
from dataclasses import dataclass, field

from garden.rates.base import RateCounter, Tally

MOST_NAMES = 10_000


@dataclass(frozen=True)
class MemoryCounter(RateCounter):
    _windows: dict[str, tuple[int, float]] = field(default_factory=dict, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def hit(self, name: str, seconds: float) -> Tally:
        now = time.monotonic()
        with self._lock:
            if len(self._windows) >= MOST_NAMES and name not in self._windows:
                self._drop_ended(now)
            count, end = self._windows.get(name, (0, 0.0))
            count, end = (1, now + seconds) if end <= now else (count + 1, end)
            self._windows[name] = (count, end)
        return Tally(count, end - now)

    def clear(self, name: str) -> int:
        with self._lock:
            return self._windows.pop(name, (0, 0.0))[0]

    def forget(self) -> None:
        with self._lock:
            self._windows.clear()

    def _drop_ended(self, now: float) -> None:
        """A stream of ever new names costs a bounded memory: where none has ended, the oldest goes."""
        for name in [name for name, (_, end) in self._windows.items() if end <= now]:
            del self._windows[name]
        while len(self._windows) >= MOST_NAMES:
            del self._windows[next(iter(self._windows))]
