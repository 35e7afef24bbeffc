"""The model of this process, kept up to date with the ledger."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import copy

from django.db import connections

from recommend.backends.embedded import snapshots
from recommend.backends.embedded.events import read_events
from recommend.bandit.context import Context
from recommend.bandit.inference import Effects
from recommend.bandit.slate_model import Belief, SlateModel
from recommend.models import Ledger

logger = logging.getLogger(__name__)

FAR_BEHIND = 250
"""From so many numbers behind the head, reading a snapshot is faster than learning (a few milliseconds each)."""
AT_ONCE = 10
"""Numbers that are learned while a visitor waits; more are learned in a thread of its own."""
_WAIT_SECONDS = 0.2
"""How long a visitor waits for the thread of another request that learns AT_ONCE numbers."""
_RETRY_SECONDS = 2.0
"""Between two attempts of the thread that catches up, after an error."""
_PAUSES = 6.0
"""While there are requests, the thread that catches up pauses so many times as long as it works: they share the GIL."""
_REQUESTED_SECONDS = 0.5
"""How long after the last request the thread makes these pauses."""

BeliefAndEffects = tuple[Belief, Effects]


class LedgerConsumer:
    """One per process. Learns what all processes committed, in the order of the numbers.

    One thread reads the ledger's head, at most every `poll_seconds`, and at once after a write of this process.
    `belief` waits for AT_ONCE numbers at most. Further behind it uses the model as it is, in a new process that of
    the newest snapshot, while another thread catches up. `at_head` waits for all.
    """

    def __init__(self, make_model: Callable[[], SlateModel], version: str, poll_seconds: float) -> None:
        self._make_model = make_model
        self.version = version
        self._poll_seconds = poll_seconds
        self._updating, self._lock = threading.Lock(), threading.Lock()
        self._written = self._learned = object()
        self._model: SlateModel | None = None
        self._epoch = self._position = self._base = 0
        self._next_read = 0.0
        self._behind = False
        self._requested_at = 0.0

    def expect_events(self) -> None:
        """This process writes to the ledger: read it at the next call."""
        self._written = object()

    def belief(self, context: Context, visitor: str) -> BeliefAndEffects:
        """The belief about a visitor in this context, and a view of the pictures' effects."""
        self._requested_at = time.monotonic()
        with self._locked(AT_ONCE) as (model, _position):
            return model.belief(context, visitor), copy(model.effects)

    def warm_up(self) -> None:
        """Load a model for `belief`."""
        with self._locked(AT_ONCE):
            pass

    def at_head(self) -> AbstractContextManager[tuple[SlateModel, int]]:
        """The model, locked, and the number it has learned up to: the ledger's head."""
        return self._locked(None)

    @contextmanager
    def _locked(self, most: int | None) -> Iterator[tuple[SlateModel, int]]:
        self._update(most)
        with self._lock:
            assert self._model is not None  # noqa: S101 – for the type checker
            yield self._model, self._position

    def save_state(self, events: int, seconds: float) -> bool:
        """Write a snapshot after so many events, or after any if the last one is older than so many seconds."""
        with self.at_head() as (model, position):
            due = snapshots.is_due(self.version, self._epoch, position, events, seconds)
            if due:
                snapshots.write(model, self.version, self._epoch, position)
        return due

    def _update(self, most: int | None) -> None:
        """Catch up if that is due, by `most` numbers or all; callers that need nothing new do not wait."""
        if not self._is_due(most):
            return
        waits = most is None or self._must_wait()
        bounded = most is not None and self._model is not None
        if self._updating.acquire(blocking=waits, timeout=_WAIT_SECONDS if waits and bounded else -1):
            try:
                if self._is_due(most):  # Otherwise another thread has just done it.
                    self._catch_up(most)
            finally:
                self._updating.release()

    def _is_due(self, most: int | None) -> bool:
        if most is not None and self._behind:
            return False
        return self._must_wait() or time.monotonic() >= self._next_read

    def _must_wait(self) -> bool:
        return self._model is None or self._learned is not self._written

    def _catch_up(self, most: int | None) -> None:
        written, ledger = self._written, Ledger.objects.current()
        if self._model is None:
            self._adopt(*self._newest(ledger), ledger)
        if most is not None and (ledger.epoch != self._epoch or ledger.head - self._position > most):
            self._begin_thread()
            return
        self._load_newer(ledger)
        self._learn(ledger)
        self._learned, self._next_read = written, time.monotonic() + self._poll_seconds

    def _begin_thread(self) -> None:
        self._behind = True
        try:
            threading.Thread(target=self._catch_up_in_thread, name="catch-up", daemon=True).start()
        except RuntimeError:
            self._behind = False
            logger.exception("No thread can be started to catch up with the ledger; the next request tries again.")

    def _catch_up_in_thread(self) -> None:
        """Until the head is reached. After an error it continues after the last number learned."""
        while self._behind:
            try:
                with self._updating:
                    self._catch_up(None)
                    self._behind = False
            except Exception:
                logger.exception("Catching up with the ledger failed at number %s; it is tried again.", self._position)
                time.sleep(_RETRY_SECONDS)
            finally:
                connections.close_all()

    def _newest(self, ledger: Ledger) -> tuple[SlateModel, int]:
        return snapshots.newest(self.version, ledger.epoch, ledger.head) or (self._make_model(), 0)

    def _load_newer(self, ledger: Ledger) -> None:
        """In a new epoch, load its model and learn up to the head; far behind, load a newer snapshot, if any."""
        if ledger.epoch != self._epoch:
            model, position = self._newest(ledger)
            for event in read_events(after=position, to=ledger.head, base=ledger.base):
                event.teach(model)
            self._adopt(model, ledger.head, ledger)
        elif ledger.head - self._position > FAR_BEHIND:
            found = snapshots.newest(self.version, ledger.epoch, ledger.head, beyond=self._position)
            if found is not None:
                self._adopt(*found, ledger)

    def _adopt(self, model: SlateModel, position: int, ledger: Ledger) -> None:
        with self._lock:
            self._model, self._position = model, position
            self._epoch, self._base = ledger.epoch, ledger.base

    def _learn(self, ledger: Ledger) -> None:
        """The model is locked only for learning, not for reading the ledger."""
        model = self._model
        assert model is not None  # noqa: S101 – for the type checker
        for event in read_events(after=self._position, to=ledger.head, base=ledger.base):
            began = time.monotonic()
            with self._lock:
                event.teach(model)
                self._position = event.sequence
            if self._behind and began - self._requested_at < _REQUESTED_SECONDS:
                time.sleep(_PAUSES * (time.monotonic() - began))
        with self._lock:
            self._position = ledger.head
