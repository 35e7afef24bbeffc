"""The opening day itself: kiosks and walls, each a thread, until every visitor was there or time is up."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from garden.rehearsal.asking import Asker
from garden.rehearsal.clock import Clock
from garden.rehearsal.freshness import Freshness
from garden.rehearsal.kiosks import Kiosk
from garden.rehearsal.measuring import Measurements
from garden.rehearsal.portraits import empty_room
from garden.rehearsal.visitors import VisitPlan
from garden.rehearsal.walls import PERIOD_SECONDS, SLOTS, Wall

BUSY = 0.7
"""How much of the kiosks' time visitors may take, so that the line of the rush comes to an end."""
_OVERTIME = 1.25
_GRACE_SECONDS = 30
_LAST_LOOKS = 3
_GLANCE_SECONDS = 0.2
_ENDING_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Scene:
    """Who takes part; `keys` are shared among kiosks and walls in turn."""

    address: str
    kiosks: int
    walls: int
    zone: str
    minutes: float
    keys: Sequence[str]
    faces: Sequence[bytes]
    visits: Sequence[VisitPlan]


@dataclass(slots=True)
class Rehearsal:
    """Runs once; what was measured stays, also when it is stopped early."""

    scene: Scene
    measurements: Measurements = field(default_factory=Measurements)
    freshness: Freshness = field(default_factory=Freshness)
    seconds: float = 0.0
    visited: int = 0
    without_wall: int = 0
    crashed: list[str] = field(default_factory=list)
    _clock: Clock = field(init=False)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._clock = Clock(self.pace)

    @property
    def pace(self) -> float:
        """How much faster than on a real day the kiosks' visitors must be, so that all are served; at least 1."""
        wanted = sum(plan.seconds for plan in self.scene.visits)
        return max(1.0, wanted / (self.scene.kiosks * self._day * BUSY))

    def run(self, on_visit: Callable[[int], object]) -> None:
        """`on_visit` hears how many visitors have left meanwhile."""
        self._clock.begun = time.perf_counter()
        walls = [self._start(wall.run, PERIOD_SECONDS * n / self.scene.walls) for n, wall in enumerate(self._walls())]
        waiting = iter(self.scene.visits)
        kiosks = [self._start(self._open, kiosk, waiting) for kiosk in self._kiosks()]
        try:
            self._watch(kiosks, on_visit)
        finally:
            self._clock.stopped.set()
            for thread in [*kiosks, *walls]:
                thread.join(_ENDING_SECONDS)

    def _watch(self, kiosks: Sequence[threading.Thread], on_visit: Callable[[int], object]) -> None:
        told, latest = 0, self._day * _OVERTIME + _GRACE_SECONDS
        while any(kiosk.is_alive() for kiosk in kiosks) and self._clock.seconds < latest:
            kiosks[0].join(_GLANCE_SECONDS) if kiosks[0].is_alive() else time.sleep(_GLANCE_SECONDS)
            self.seconds = self._clock.seconds
            on_visit(self.visited - told)
            told = self.visited
        on_visit(self.visited - told)
        time.sleep(_LAST_LOOKS * PERIOD_SECONDS if self.scene.walls else 0)

    @property
    def _day(self) -> float:
        return self.scene.minutes * 60

    def _open(self, kiosk: Kiosk, waiting: Iterator[VisitPlan]) -> None:
        kiosk.run(lambda: self._next(waiting), self._day, self._count)
        if not kiosk.has_wall:
            with self._guard:
                self.without_wall += 1

    def _next(self, waiting: Iterator[VisitPlan]) -> VisitPlan | None:
        with self._guard:
            return next(waiting, None)

    def _count(self) -> None:
        with self._guard:
            self.visited += 1

    def _kiosks(self) -> list[Kiosk]:
        nobody = empty_room(Random(0))
        return [self._kiosk(number, nobody) for number in range(self.scene.kiosks)]

    def _kiosk(self, number: int, nobody: bytes) -> Kiosk:
        """Two of three stand upright."""
        orientation = "landscape" if number % 3 == 2 else "portrait"
        scene = self.scene
        asker = self._asker(number)
        return Kiosk(asker, self._clock, self.freshness, scene.faces, nobody, scene.zone, orientation)

    def _walls(self) -> list[Wall]:
        walls = [self._wall(number) for number in range(self.scene.walls)]
        for wall in walls:
            self.freshness.hang(wall.name, wall.slot)
        return walls

    def _wall(self, number: int) -> Wall:
        """With more walls than slots, two show the same."""
        slot = SLOTS[number % len(SLOTS)]
        asker = self._asker(number)
        return Wall(f"wall {number}", self.scene.zone, slot, asker, self._clock, self.freshness, self.measurements)

    def _asker(self, number: int) -> Asker:
        keys = self.scene.keys or [""]
        return Asker(self.scene.address, keys[number % len(keys)], self.measurements)

    def _start(self, work: Callable[..., None], *arguments: object) -> threading.Thread:
        thread = threading.Thread(target=self._survive, args=(work, *arguments), daemon=True)
        thread.start()
        return thread

    def _survive(self, work: Callable[..., None], *arguments: object) -> None:
        """An answer that is not what the contract says ends the device; the report must say so."""
        try:
            work(*arguments)
        except Exception as error:
            with self._guard:
                self.crashed.append(f"{type(error).__name__}: {error}")
