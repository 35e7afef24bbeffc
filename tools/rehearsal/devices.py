"""What kiosks and walls have in common, and a wall as its page behaves."""

import hashlib
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from time import perf_counter
from typing import Any

from garden.vocabulary import REHEARSAL
from tools.rehearsal.client import Client, Measurements, RequestSample

HEARTBEAT_SECONDS = 15
GATHER_SECONDS = 0.2
MANIFEST_SECONDS = 1.0
STOCK_UP_SECONDS = 5.0
SLOTS = tuple(f"{number}{side}" for side in "hv" for number in range(1, 9))
MANIFEST, WALL_PICTURE, WRONG_PICTURE = "/wall/…/manifest", "/picture (wall)", "wrong picture"

Picture = dict[str, Any]


class StoppedError(Exception):
    """The rehearsal ends."""


@dataclass(slots=True)
class Day:
    """What all devices share. `pace` is how many seconds of a real visit pass in one second."""

    pace: float
    measurements: Measurements
    stopped: threading.Event = field(default_factory=threading.Event)
    begun: float = field(default_factory=perf_counter)

    @property
    def seconds(self) -> float:
        """Since the doors opened."""
        return perf_counter() - self.begun


class SimulatedDevice:
    """Sends a heartbeat every 15 seconds, and shortly after it shows something else."""

    def __init__(self, client: Client, day: Day) -> None:
        self.client, self.day = client, day
        self._heartbeat_due = 0.0
        self._started_at = datetime.now(UTC).isoformat()

    def heartbeat(self) -> dict[str, Any]:
        return {"version": REHEARSAL, "started_at": self._started_at, "problem": ""}

    def changed(self) -> None:
        self._heartbeat_due = min(self._heartbeat_due, self.day.seconds + GATHER_SECONDS)

    def rest(self, seconds: float) -> None:
        """Wait, and send the heartbeats that are due meanwhile. StoppedError: the rehearsal ends."""
        until = self.day.seconds + seconds
        while (left := until - self.day.seconds) > 0:
            to_heartbeat = self._heartbeat_due - self.day.seconds
            if to_heartbeat <= 0:
                self._heartbeat_due = self.day.seconds + HEARTBEAT_SECONDS
                self.client.post("/heartbeat", self.heartbeat(), expected=(204,))
            else:
                self.day.stopped.wait(min(left, to_heartbeat))
            if self.day.stopped.is_set():
                raise StoppedError


class Wall(SimulatedDevice):
    """Asks for the manifest every second, fetches a new picture at once, and its neighbours' within five seconds.

    `shown` has the versions of the zone in the order in which the wall had all that it shows of them, and when.
    """

    def __init__(self, client: Client, day: Day, *, zone: str, slot: str) -> None:
        super().__init__(client, day)
        self.zone, self.slot = zone, slot
        self.shown: list[tuple[int, float]] = []
        self._etag = self._showing = self._problem = ""
        self._pictures: list[Picture] = []
        self._fetched: set[str] = set()
        self._stock_up_at: float | None = None

    def run(self, delay: float) -> None:
        """Until the rehearsal ends; `delay` keeps the walls from asking all at once."""
        self.rest(delay)
        while True:
            next_request = self.day.seconds + MANIFEST_SECONDS
            self._follow()
            if self._stock_up_at is not None and self.day.seconds >= self._stock_up_at:
                self._stock_up_at = None
                for picture in self._pictures:
                    self._fetch(picture)
            self.rest(next_request - self.day.seconds)

    def heartbeat(self) -> dict[str, Any]:
        return {
            **super().heartbeat(),
            "display": f"{self.zone}/{self.slot}",
            "zone_version": self.shown[-1][0] if self.shown else 0,
            "on_screen": self._showing,
            "screen": "3840x2160",
            "problem": self._problem,
        }

    def _follow(self) -> None:
        known = {"If-None-Match": self._etag} if self._etag else {}
        path = f"/wall/{self.zone}/manifest"
        answer = self.client.get(path, route=MANIFEST, headers=known, expected=(200, 304))
        if answer.status != 200:
            return
        manifest = answer.json()
        slots: dict[str, Picture] = manifest["slots"]
        self._pictures = [picture for name, picture in slots.items() if name[-1] == self.slot[-1]]
        self._fetched &= {picture["sha256"] for picture in self._pictures}
        own = slots.get(self.slot)
        if own is not None:
            self._fetch(own)
        self._showing = own["key"] if own else ""
        self._etag = answer.headers.get("ETag", "")
        if self._stock_up_at is None:
            self._stock_up_at = self.day.seconds + Random().uniform(0, STOCK_UP_SECONDS)
        self.shown.append((manifest["version"], self.day.seconds))
        self.changed()

    def _fetch(self, picture: Picture) -> None:
        if picture["sha256"] in self._fetched:
            return
        answer = self.client.get(picture["url"], route=WALL_PICTURE, headers={"Accept": "image/jpeg"})
        if answer.status == 200 and hashlib.sha256(answer.data).hexdigest() != picture["sha256"]:
            self.day.measurements.samples.append(RequestSample(f"GET {WALL_PICTURE}", 0.0, 0, WRONG_PICTURE))
            self._problem = WRONG_PICTURE
        elif answer.status == 200:
            self._fetched.add(picture["sha256"])
