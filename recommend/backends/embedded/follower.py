"""The model of this process, kept at the ledger's head."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from typing import NamedTuple

from recommend.backends.embedded import snapshots
from recommend.backends.embedded.entries import earlier_looks, entries
from recommend.learning.context import Context
from recommend.learning.effects import Effects
from recommend.learning.looks import Look
from recommend.learning.slate_model import Belief, SlateModel
from recommend.models import Ledger

FAR_BEHIND = 250
"""Numbers behind the head from which on reading a snapshot is quicker than learning (a few milliseconds each)."""
_TRIES = 3

Believed = tuple[Belief, Effects]


class _Moment(NamedTuple):
    """Which state the model is in: what follows from the ledger of one epoch up to one number."""

    epoch: int
    base: int
    position: int


class Follower:
    """One per process. Learns what was committed, in the order of its numbers, whoever wrote it.

    It asks the ledger for its head at most every `poll_seconds`, and at once when this process has written. One
    thread does; the others wait for it only where this process has written, or there is no model yet.
    """

    def __init__(self, make_model: Callable[[], SlateModel], version: str, poll_seconds: float) -> None:
        self._make_model = make_model
        self.version = version
        self._poll_seconds = poll_seconds
        self._following, self._lock = threading.Lock(), threading.Lock()
        self._written = self._learned = object()
        self._model: SlateModel | None = None
        self._epoch = self._position = self._base = 0
        self._next_look = 0.0

    def expect_entries(self) -> None:
        """This process writes to the ledger: look at the next call."""
        self._written = object()

    def belief(self, context: Context, visitor: str) -> Believed:
        """What is believed at the head of a visitor here and now, and a view of what is believed of pictures.

        What a visitor said who is not in memory is read while nobody has to wait for it, and read again if the model
        has learned something meanwhile; if it always has, it is held still for one reading.
        """
        for _ in range(_TRIES):
            with self.at_head() as (model, _position):
                if not visitor or model.visitors.get(visitor) is not None:
                    return _believed(model, context, visitor)
                moment = self._moment()
            looks = _looks(visitor, moment)
            with self._lock:
                if self._model is not None and self._moment() == moment:
                    return _believed(self._model, context, visitor, looks)
        with self.at_head() as (model, _position):
            return _believed(model, context, visitor, _looks(visitor, self._moment()))

    @contextmanager
    def at_head(self) -> Iterator[tuple[SlateModel, int]]:
        """The model and the number it has learned up to, held still."""
        self._follow()
        with self._lock:
            assert self._model is not None  # noqa: S101 – for the type checker
            yield self._model, self._position

    def keep(self, events: int, seconds: float) -> bool:
        """Write a snapshot if so many events came since the last one, or any and it is older than so many seconds."""
        with self.at_head() as (model, position):
            due = snapshots.is_due(self.version, self._epoch, position, events, seconds)
            if due:
                snapshots.write(model, self.version, self._epoch, position)
        return due

    def _moment(self) -> _Moment:
        return _Moment(self._epoch, self._base, self._position)

    def _follow(self) -> None:
        """Catch up where that is due; who needs nothing of what is being learned does not wait for who learns it."""
        if self._is_due() and self._following.acquire(blocking=self._must_wait()):
            try:
                if self._is_due():  # Else another thread has just done it.
                    self._catch_up()
            finally:
                self._following.release()

    def _is_due(self) -> bool:
        return self._must_wait() or time.monotonic() >= self._next_look

    def _must_wait(self) -> bool:
        return self._model is None or self._learned is not self._written

    def _catch_up(self) -> None:
        written, ledger = self._written, Ledger.objects.current()
        if (found := self._from_others(ledger)) is not None:
            self._begin(*found, ledger)
        elif self._model is not None:
            self._go_on(self._model, ledger)
        self._learned, self._next_look = written, time.monotonic() + self._poll_seconds

    def _from_others(self, ledger: Ledger) -> tuple[SlateModel, int] | None:
        """What to begin with, at the start or in a new epoch; far behind, the newest snapshot if there is one ahead."""
        if self._model is None or ledger.epoch != self._epoch:
            return snapshots.newest(self.version, ledger.epoch, ledger.head) or (self._make_model(), 0)
        if ledger.head - self._position > FAR_BEHIND:
            return snapshots.newest(self.version, ledger.epoch, ledger.head, beyond=self._position)
        return None

    def _begin(self, model: SlateModel, position: int, ledger: Ledger) -> None:
        """With a model that nobody asks before it is at the head."""
        for entry in entries(after=position, to=ledger.head, base=ledger.base):
            entry.teach(model)
        with self._lock:
            self._model, self._position = model, ledger.head
            self._epoch, self._base = ledger.epoch, ledger.base

    def _go_on(self, model: SlateModel, ledger: Ledger) -> None:
        """All reading is done while others ask the model; it is held for what is learned alone."""
        for entry in entries(after=self._position, to=ledger.head, base=ledger.base):
            earlier = entry.recall(model)
            with self._lock:
                entry.teach(model, earlier)
                self._position = entry.sequence
        with self._lock:
            self._position = ledger.head


def _looks(visitor: str, moment: _Moment) -> list[Look]:
    return earlier_looks(visitor, to=moment.position, base=moment.base)


def _believed(model: SlateModel, context: Context, visitor: str, earlier: Sequence[Look] = ()) -> Believed:
    return model.belief(context, visitor, lambda: earlier), copy(model.effects)
