"""One recommender through all visits of a world: how often a slate had a like, and what it cost."""

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from benchmarks.simulator.crowd import Session, choice, sessions_of
from benchmarks.simulator.world import World

Items = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ask:
    """Three pictures wanted: the first `there` pictures have arrived, `seen` were shown to this visitor before.

    `days`: how old each picture is that is there, −1 for very old.
    """

    session: Session
    there: int
    seen: Items
    days: Items


class Player(ABC):
    """A recommender in the simulator. It may look at `world.features` and at what a visit's context was read as."""

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        self.world = world
        self.rng = rng

    @abstractmethod
    def slate(self, ask: Ask) -> Items:
        """Three pictures, best first, none of them seen."""

    def learn(self, ask: Ask, slate: Items, liked: int) -> None:
        """`liked` is the place of the liked picture, −1 if none was."""


@dataclass
class Record:
    """What happened, slate by slate: `session` and whether one was liked; CPU seconds of ranking and of learning."""

    pictures: int
    session: list[int] = field(default_factory=list)
    liked: list[bool] = field(default_factory=list)
    ranking: list[float] = field(default_factory=list)
    learning: list[float] = field(default_factory=list)
    shown: set[int] = field(default_factory=set)

    def rate(self, first: int = 0, last: int | None = None) -> float:
        """Share of slates with a like in visits `first` up to, not including, `last`."""
        session = np.array(self.session)
        chosen = (session >= first) & (session < (last or np.inf))
        return float(np.array(self.liked)[chosen].mean()) if chosen.any() else float("nan")

    def coverage(self) -> float:
        return len(self.shown) / self.pictures


def play(player: Player, world: World, sessions: int, seed: int, *, stop: int | None = None) -> Record:
    """All of `sessions` visits, or the first `stop` of them."""
    record, memory = Record(world.pictures), dict[int, list[int]]()
    visits = sessions_of(world, sessions, np.random.default_rng([seed, 1]))
    for session in islice(visits, stop):
        seen = memory.setdefault(session.visitor, [])
        there, days = world.there(session.number, sessions), world.days(session.number, sessions)
        for lots in session.lots:
            ask = Ask(session, there, np.array(seen, np.int64), days)
            slate, liked = _turn(player, world, ask, lots, record)
            seen.extend(slate.tolist())
            record.session.append(session.number)
            record.liked.append(liked >= 0)
            record.shown.update(slate.tolist())
    return record


def _turn(player: Player, world: World, ask: Ask, lots: NDArray[np.float64], record: Record) -> tuple[Items, int]:
    start = time.thread_time()
    slate = player.slate(ask)
    ranked = time.thread_time()
    liked = choice(world.utilities(slate, ask.session.taste, ask.days[slate]), lots)
    asked = time.thread_time()
    player.learn(ask, slate, liked)
    record.ranking.append(ranked - start)
    record.learning.append(time.thread_time() - asked)
    return slate, liked
