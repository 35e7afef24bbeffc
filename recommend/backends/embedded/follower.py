"""The model of this process, kept at the ledger's head."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from recommend.backends.embedded import snapshots
from recommend.backends.embedded.entries import entries
from recommend.learning.slate_model import SlateModel
from recommend.models import Ledger

FAR_BEHIND = 250
"""Numbers behind the head from which on reading a snapshot is quicker than learning (a few milliseconds each)."""


class Follower:
    """One per process. Learns what was committed, in the order of its numbers, whoever wrote it.

    It asks the ledger for its head at most every `poll_seconds`, and at once when this process has written.
    """

    def __init__(self, make_model: Callable[[], SlateModel], version: str, poll_seconds: float) -> None:
        self._make_model = make_model
        self.version = version
        self._poll_seconds = poll_seconds
        self._lock = threading.Lock()
        self._written = threading.Event()
        self._model: SlateModel | None = None
        self._epoch = self._position = 0
        self._next_look = 0.0

    def expect_entries(self) -> None:
        """This process writes to the ledger: look at the next call."""
        self._written.set()

    @contextmanager
    def at_head(self) -> Iterator[tuple[SlateModel, int]]:
        """The model and the number it has learned up to, held still."""
        with self._lock:
            yield self._follow(), self._position

    def keep(self, events: int, seconds: float) -> bool:
        """Write a snapshot if so many events came since the last one, or any and it is older than so many seconds."""
        with self.at_head() as (model, position):
            due = snapshots.is_due(self.version, self._epoch, position, events, seconds)
            if due:
                snapshots.write(model, self.version, self._epoch, position)
        return due

    def _follow(self) -> SlateModel:
        if self._model is not None and time.monotonic() < self._next_look and not self._written.is_set():
            return self._model
        self._written.clear()
        self._next_look = 0.0  # Stays due if reading fails.
        ledger = Ledger.objects.current()
        if self._model is None or ledger.epoch != self._epoch:
            self._start(ledger)
        elif ledger.head - self._position > FAR_BEHIND:
            self._jump(ledger)
        model = self._catch_up(ledger)
        self._next_look = time.monotonic() + self._poll_seconds
        return model

    def _start(self, ledger: Ledger) -> None:
        found = snapshots.newest(self.version, ledger.epoch, ledger.head)
        self._model, self._position = found or (self._make_model(), 0)
        self._epoch = ledger.epoch

    def _jump(self, ledger: Ledger) -> None:
        """Over what others have learned long since, to the newest snapshot if there is one ahead."""
        found = snapshots.newest(self.version, ledger.epoch, ledger.head, beyond=self._position)
        if found is not None:
            self._model, self._position = found

    def _catch_up(self, ledger: Ledger) -> SlateModel:
        assert self._model is not None  # noqa: S101 – for the type checker
        for entry in entries(after=self._position, to=ledger.head, base=ledger.base):
            entry.teach(self._model)
            self._position = entry.sequence
        self._position = ledger.head
        return self._model
