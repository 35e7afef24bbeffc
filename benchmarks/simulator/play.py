"""One recommender through all visits of a world: how probable a like was for each slate shown, and what it cost."""

import time
from abc import ABC, abstractmethod
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from benchmarks.simulator.crowd import SLATE, Session, any_like, choice, sessions_of
from benchmarks.simulator.world import Items, World


@dataclass(frozen=True, slots=True)
class Ask:
    """`count` pictures wanted: of `items`, ascending, which are of the visitor's mood and the screen's orientation and
    were not shown to this visitor. `days`: how old each of them is, −1 for very old.
    """

    session: Session
    items: Items
    days: Items
    count: int


class Player(ABC):
    """A recommender in the simulator. It may look at `world.features` and at what a visit's context was read as."""

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        self.world = world
        self.rng = rng

    @abstractmethod
    def order(self, ask: Ask) -> Items:
        """The `count` pictures in the order in which they will be shown, three by three."""

    def learn(self, ask: Ask, slate: Items, liked: int) -> None:
        """`liked` is the place of the liked picture, −1 if none was."""


@dataclass
class Record:
    """What happened, slate by slate: `session` and how probable a like was; CPU seconds of orders and of learning."""

    pictures: int
    session: list[int] = field(default_factory=list)
    chance: list[float] = field(default_factory=list)
    ordering: list[float] = field(default_factory=list)
    learning: list[float] = field(default_factory=list)
    shown: set[int] = field(default_factory=set)

    def rate(self, first: int = 0, last: int | None = None) -> float:
        """Share of the slates shown with a like, in expectation, in visits `first` up to, not including, `last`."""
        session = np.array(self.session)
        chosen = (session >= first) & (session < (last or np.inf))
        return float(np.array(self.chance)[chosen].mean()) if chosen.any() else float("nan")

    def coverage(self) -> float:
        return len(self.shown) / self.pictures


@dataclass(frozen=True, slots=True)
class Kiosk:
    """`again`: it asks for an order after each answered slate, otherwise once a visit; `returning`: share of visits by
    visitors who have been there before.
    """

    sessions: int
    again: bool = True
    returning: float = 0.0

    def play(self, player: Player, world: World, seed: int) -> Record:
        record, memory = Record(world.pictures), defaultdict[int, list[Items]](list)
        for session in sessions_of(world, self.sessions, self.returning, seed):
            there = world.there(session.number, self.sessions)
            mood = world.candidates(session.kinds[0], session.side, there)
            self._visit(player, session, mood, memory[session.visitor], record)
        return record

    def _visit(self, player: Player, session: Session, mood: Items, shown: list[Items], record: Record) -> None:
        order, world = np.empty(0, np.int64), player.world
        for number, lots in enumerate(session.lots):
            if not len(order):
                items = np.setdiff1d(mood, np.concatenate(shown), assume_unique=True) if shown else mood
                count = SLATE if self.again else SLATE * (len(session.lots) - number)
                days = world.days(items, session.number, self.sessions)
                ask, start = Ask(session, items, days, min(count, len(items))), time.thread_time()
                order = player.order(ask)
                record.ordering.append(time.thread_time() - start)
            slate, order = order[:SLATE], order[SLATE:]
            if len(slate) < SLATE:
                return
            utilities = world.utilities(slate, session.taste, world.days(slate, session.number, self.sessions))
            start = time.thread_time()
            player.learn(ask, slate, choice(utilities, lots))
            record.learning.append(time.thread_time() - start)
            record.session.append(session.number)
            record.chance.append(any_like(utilities))
            record.shown.update(slate.tolist())
            shown.append(slate)
