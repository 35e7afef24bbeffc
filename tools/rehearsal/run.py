"""The rehearsal itself: kiosks and walls, each a thread, until every visitor was there or time is up."""

import ipaddress
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from random import Random
from urllib.parse import urlsplit

from tools.rehearsal.client import Answer, Client, Measurements
from tools.rehearsal.devices import MANIFEST_SECONDS, SLOTS, Day, StoppedError, Wall
from tools.rehearsal.kiosks import MEAN_VISIT_SECONDS, SimulatedKiosk, SimulatedVisitor
from tools.rehearsal.portraits import empty_room

BUSY = 0.7
"""How much of the kiosks' time visitors may take, so that the line of the rush comes to an end."""
OVERTIME, OVERTIME_SECONDS = 1.25, 30
LAST_MANIFESTS = 3
ENDING_SECONDS = 60


class CannotRehearseError(Exception):
    """Its text is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class RehearsalPlan:
    """Who takes part; kiosks and walls share `keys` in turn."""

    address: str
    kiosks: int
    walls: int
    zone: str
    minutes: float
    keys: Sequence[str]
    faces: Sequence[bytes]
    visitors: Sequence[SimulatedVisitor]

    @property
    def seconds(self) -> float:
        return self.minutes * 60

    @property
    def pace(self) -> float:
        """How much faster than on a real day visits must be, so that all visitors are served; at least 1."""
        return max(1.0, len(self.visitors) * MEAN_VISIT_SECONDS / (self.kiosks * self.seconds * BUSY))


@dataclass(slots=True)
class Rehearsal:
    """Runs once. What was measured stays, also when it is stopped early; `crashed` has why devices ended."""

    scene: RehearsalPlan
    measurements: Measurements = field(default_factory=Measurements)
    seconds: float = 0.0
    kiosks: list[SimulatedKiosk] = field(default_factory=list)
    walls: list[Wall] = field(default_factory=list)
    crashed: list[str] = field(default_factory=list)

    @property
    def visited(self) -> int:
        return sum(kiosk.visits for kiosk in self.kiosks)

    def run(self, on_progress: Callable[[int], object]) -> None:
        """Calls `on_progress` with the number of visitors who have left so far, a few times a second."""
        day = Day(self.scene.pace, self.measurements)
        self._place_devices(day)
        line: SimpleQueue[SimulatedVisitor] = SimpleQueue()
        for visitor in self.scene.visitors:
            line.put(visitor)
        walls = [
            self._start(wall.run, MANIFEST_SECONDS * number / len(self.walls)) for number, wall in enumerate(self.walls)
        ]
        kiosks = [self._start(kiosk.run, lambda: _next_of(line), self.scene.seconds) for kiosk in self.kiosks]
        try:
            latest = self.scene.seconds * OVERTIME + OVERTIME_SECONDS
            while any(kiosk.is_alive() for kiosk in kiosks) and day.seconds < latest:
                day.stopped.wait(0.2)
                self.seconds = day.seconds
                on_progress(self.visited)
            day.stopped.wait(LAST_MANIFESTS * MANIFEST_SECONDS if walls else 0)
        finally:
            day.stopped.set()
            for thread in [*kiosks, *walls]:
                thread.join(ENDING_SECONDS)

    def _place_devices(self, day: Day) -> None:
        """Two kiosks of three stand upright. With more walls than slots, two show the same."""
        scene, nobody = self.scene, empty_room(Random(0))
        for number in range(scene.kiosks):
            orientation = "landscape" if number % 3 == 2 else "portrait"
            client = self._client(number)
            kiosk = SimulatedKiosk(
                client, day, faces=scene.faces, nobody=nobody, zone=scene.zone, orientation=orientation
            )
            self.kiosks.append(kiosk)
        for number in range(scene.walls):
            self.walls.append(Wall(self._client(number), day, zone=scene.zone, slot=SLOTS[number % len(SLOTS)]))

    def _client(self, number: int) -> Client:
        keys = self.scene.keys or [""]
        return Client(self.scene.address, keys[number % len(keys)], self.measurements)

    def _start(self, work: Callable[..., None], *arguments: object) -> threading.Thread:
        thread = threading.Thread(target=self._run_device, args=(work, *arguments), daemon=True)
        thread.start()
        return thread

    def _run_device(self, work: Callable[..., None], *arguments: object) -> None:
        """An answer that breaks the contract ends the device; the report must say so."""
        try:
            work(*arguments)
        except StoppedError:
            return
        except Exception as error:
            self.crashed.append(f"{type(error).__name__}: {error}")


def wall_delays(kiosks: Sequence[SimulatedKiosk], walls: Sequence[Wall]) -> Iterator[float | None]:
    """Seconds from each answer of `/sendToWall` until each wall of its slots showed it; None where one never did."""
    for sent in (sent for kiosk in kiosks for sent in kiosk.sent):
        for wall in (wall for wall in walls if wall.slot in sent.slots):
            first = bisect_left(wall.shown, (sent.version, 0.0))
            yield max(0.0, wall.shown[first][1] - sent.at) if first < len(wall.shown) else None


def require_own_server(address: str) -> None:
    """A rehearsal must not load a server of others."""
    at = urlsplit(address)
    if at.scheme not in ("http", "https") or not at.hostname:
        raise CannotRehearseError(f"{address!r} is not an address such as http://127.0.0.1:8000.")
    if not _is_loopback(at.hostname):
        raise CannotRehearseError(
            f"{at.hostname} is not this machine. Say --yes-this-is-our-server if the server is yours to load."
        )


def require_ready_server(address: str, keys: Sequence[str], zone: str | None) -> None:
    """The server answers, accepts every key, and has the zone, if one is given."""
    for key in keys or [""]:
        client = Client(address, key, Measurements())
        _require_garden(client.post("/gardenfromDB", {"emotion": "calm", "limit": 1}), address, key)
        manifest = client.get(f"/wall/{zone}/manifest").status if zone else 200
        client.close()
        if manifest != 200:
            raise CannotRehearseError(
                f"The manifest of zone {zone!r} answered {manifest}: make the zone (manage.py ensure_zone {zone}), "
                "name another one with --zone, or rehearse without walls (--walls 0)."
            )


def _require_garden(answer: Answer, address: str, key: str) -> None:
    if answer.status == 0:
        raise CannotRehearseError(f"Nobody answers at {address}. Is the server running (make run)?")
    if answer.status in (401, 403):
        why = f"The key that begins with {key[:8]!r} is refused" if key else "The server asks for a kiosk's key"
        raise CannotRehearseError(f"{why}: give the key of an active kiosk with --key.")
    if answer.status != 200:
        raise CannotRehearseError(f"{address} is no garden, or is ill: POST /gardenfromDB answered {answer.status}.")


def _next_of(line: SimpleQueue[SimulatedVisitor]) -> SimulatedVisitor | None:
    try:
        return line.get_nowait()
    except Empty:
        return None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
