"""The model of this process, kept at the ledger's head."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from typing import NamedTuple

from django.db import connections

from recommend.backends.embedded import snapshots
from recommend.backends.embedded.events import earlier_looks, read_events
from recommend.bandit.context import Context, Look
from recommend.bandit.inference import Effects
from recommend.bandit.slate_model import Belief, SlateModel
from recommend.models import Ledger

logger = logging.getLogger(__name__)

FAR_BEHIND = 250
"""Numbers behind the head from which on reading a snapshot is quicker than learning (a few milliseconds each)."""
AT_ONCE = 10
"""Numbers that are learned while a visitor waits; what is further behind is learned by a thread of its own."""
_WAIT_SECONDS = 0.2
"""How long a visitor waits for the thread of another request that learns AT_ONCE numbers."""
_AGAIN_SECONDS = 2.0
"""Between two attempts of the thread that catches up, after an error."""
_PAUSES = 6.0
"""While visitors ask, the thread that catches up pauses so many times as long as it works: they share one GIL."""
_ASKED_SECONDS = 0.5
"""So long after the last request visitors count as asking."""
_TRIES = 3

Believed = tuple[Belief, Effects]


class _Moment(NamedTuple):
    """Which state the model is in: what follows from the ledger of one epoch up to one number."""

    epoch: int
    base: int
    position: int


class LedgerConsumer:
    """One per process. Learns what was committed, in the order of its numbers, whoever wrote it.

    It asks the ledger for its head at most every `poll_seconds`, and at once when this process has written. One
    thread does. `belief` waits for AT_ONCE numbers at most. Further behind it answers from the model as it is, in a
    process that has just started from the newest snapshot, while another thread catches up. `at_head` waits for all.
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
        self._behind = False
        self._asked_at = 0.0

    def expect_events(self) -> None:
        """This process writes to the ledger: look at the next call."""
        self._written = object()

    def belief(self, context: Context, visitor: str) -> Believed:
        """What is believed of a visitor here and now, and a view of what is believed of pictures.

        What a visitor said who is not in memory is read while nobody has to wait for it, and read again if the model
        has learned something meanwhile; if it always has, it is held still for one reading.
        """
        self._asked_at = time.monotonic()
        for _ in range(_TRIES):
            with self._held(AT_ONCE) as (model, _position):
                if not visitor or model.visitors.get(visitor) is not None:
                    return _believed(model, context, visitor)
                moment = self._moment()
            looks = _looks(visitor, moment)
            with self._lock:
                if self._model is not None and self._moment() == moment:
                    return _believed(self._model, context, visitor, looks)
        with self._held(AT_ONCE) as (model, _position):
            return _believed(model, context, visitor, _looks(visitor, self._moment()))

    def warm_up(self) -> None:
        """Have a model that `belief` can answer from."""
        with self._held(AT_ONCE):
            pass

    def at_head(self) -> AbstractContextManager[tuple[SlateModel, int]]:
        """The model and the number it has learned up to, the ledger's head, held still."""
        return self._held(None)

    @contextmanager
    def _held(self, most: int | None) -> Iterator[tuple[SlateModel, int]]:
        self._follow(most)
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

    def _follow(self, most: int | None) -> None:
        """Catch up where that is due, by `most` numbers or all; who needs nothing new does not wait for who learns."""
        if not self._is_due(most):
            return
        waits = most is None or self._must_wait()
        bounded = most is not None and self._model is not None
        if self._following.acquire(blocking=waits, timeout=_WAIT_SECONDS if waits and bounded else -1):
            try:
                if self._is_due(most):  # Else another thread has just done it.
                    self._catch_up(most)
            finally:
                self._following.release()

    def _is_due(self, most: int | None) -> bool:
        if most is not None and self._behind:
            return False
        return self._must_wait() or time.monotonic() >= self._next_look

    def _must_wait(self) -> bool:
        return self._model is None or self._learned is not self._written

    def _catch_up(self, most: int | None) -> None:
        written, ledger = self._written, Ledger.objects.current()
        if self._model is None:
            self._adopt(*self._newest(ledger), ledger)
        if most is not None and (ledger.epoch != self._epoch or ledger.head - self._position > most):
            self._begin_thread()
            return
        self._jump(ledger)
        self._go_on(ledger)
        self._learned, self._next_look = written, time.monotonic() + self._poll_seconds

    def _begin_thread(self) -> None:
        self._behind = True
        try:
            threading.Thread(target=self._catch_up_beside, name="catch-up", daemon=True).start()
        except RuntimeError:
            self._behind = False
            logger.exception("No thread can catch up with the ledger now; the next visitor's request tries again.")

    def _catch_up_beside(self) -> None:
        """Until the head is reached. After an error it goes on behind the last number that was learned."""
        while self._behind:
            try:
                with self._following:
                    self._catch_up(None)
                    self._behind = False
            except Exception:
                logger.exception("Catching up with the ledger failed at number %s; it goes on soon.", self._position)
                time.sleep(_AGAIN_SECONDS)
            finally:
                connections.close_all()

    def _newest(self, ledger: Ledger) -> tuple[SlateModel, int]:
        return snapshots.newest(self.version, ledger.epoch, ledger.head) or (self._make_model(), 0)

    def _jump(self, ledger: Ledger) -> None:
        """In a new epoch, to a model of it that is at the head; far behind, to a newer snapshot if there is one."""
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

    def _go_on(self, ledger: Ledger) -> None:
        """All reading is done while others ask the model; it is held for what is learned alone."""
        model = self._model
        assert model is not None  # noqa: S101 – for the type checker
        for event in read_events(after=self._position, to=ledger.head, base=ledger.base):
            began = time.monotonic()
            earlier = event.recall(model)
            with self._lock:
                event.teach(model, earlier)
                self._position = event.sequence
            if self._behind and began - self._asked_at < _ASKED_SECONDS:
                time.sleep(_PAUSES * (time.monotonic() - began))
        with self._lock:
            self._position = ledger.head


def _looks(visitor: str, moment: _Moment) -> list[Look]:
    return earlier_looks(visitor, to=moment.position, base=moment.base)


def _believed(model: SlateModel, context: Context, visitor: str, earlier: Sequence[Look] = ()) -> Believed:
    return model.belief(context, visitor, lambda: earlier), copy(model.effects)
