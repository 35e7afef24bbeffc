"""A wall as its page behaves: asks for the manifest every second, fetches a new picture, tells how it is."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

from garden.rehearsal.asking import Asker
from garden.rehearsal.clock import Clock, Pulse
from garden.rehearsal.freshness import Freshness
from garden.rehearsal.measuring import WRONG_PICTURE, Measurements, Sample

PERIOD_SECONDS = 1.0
SPREAD_SECONDS = 5.0
SLOTS = tuple(f"{number}{side}" for side in "hv" for number in range(1, 9))
VERSION = "rehearsal"
"""Tells the heartbeats of a rehearsal from those of real devices."""
MANIFEST, PICTURE, HEARTBEAT = "/wall/…/manifest", "/picture (wall)", "/heartbeat"

Picture = dict[str, Any]


@dataclass(slots=True)
class Wall:
    name: str
    zone: str
    slot: str
    asker: Asker
    clock: Clock
    freshness: Freshness
    measurements: Measurements
    random: Random = field(default_factory=Random)
    _etag: str = ""
    _version: int = -1
    _showing: str = ""
    _problem: str = ""
    _side: list[Picture] = field(default_factory=list)
    _kept: set[str] = field(default_factory=set)
    _stocks_at: float | None = None
    _started_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())

    def run(self, delay: float) -> None:
        """Until the rehearsal is stopped; `delay` keeps walls from asking all at once."""
        pulse = Pulse(self.clock, self._tell)
        self.clock.rest(delay)
        while not self.clock.stopped.is_set():
            next_look = self.clock.seconds + PERIOD_SECONDS
            if self._look():
                pulse.soon()
            self._stock_up()
            pulse.rest(next_look - self.clock.seconds)
        self.asker.close()

    def _look(self) -> bool:
        """Whether the zone has another version now."""
        known = {"If-None-Match": self._etag} if self._etag else {}
        answer = self.asker.get(MANIFEST, f"/wall/{self.zone}/manifest", headers=known, fine=(200, 304))
        if answer.status != 200:
            return False
        manifest = json.loads(answer.json().get("payload", "{}"))
        self._read(manifest.get("slots", {}))
        self._etag, self._version = answer.headers.get("etag", ""), manifest.get("version", -1)
        self.freshness.shown(self.name, self.slot, self._version, self.clock.seconds)
        return True

    def _read(self, slots: dict[str, Picture]) -> None:
        """Hang what is meant for this wall; the others of its orientation follow when the first rush is over."""
        own = slots.get(self.slot)
        self._side = [picture for name, picture in slots.items() if name.endswith(self.slot[-1])]
        self._kept &= {picture["sha256"] for picture in self._side}
        if own is not None:
            self._fetch(own)
        self._showing = own["key"] if own else ""
        if self._stocks_at is None:
            self._stocks_at = self.clock.seconds + self.random.uniform(0, SPREAD_SECONDS)

    def _stock_up(self) -> None:
        """Keep the neighbours' pictures, to play on without a network."""
        if self._stocks_at is None or self.clock.seconds < self._stocks_at:
            return
        self._stocks_at = None
        for picture in self._side:
            self._fetch(picture)

    def _fetch(self, picture: Picture) -> None:
        if picture["sha256"] in self._kept:
            return
        answer = self.asker.get(PICTURE, picture["url"], headers={"Accept": "image/jpeg"})
        if answer.status == 200 and hashlib.sha256(answer.body).hexdigest() != picture["sha256"]:
            self.measurements.note(Sample(f"GET {PICTURE}", 0.0, 0, WRONG_PICTURE))
            self._problem = WRONG_PICTURE
        elif answer.status == 200:
            self._kept.add(picture["sha256"])

    def _tell(self) -> None:
        said = {
            "display": f"{self.zone}/{self.slot}",
            "version": VERSION,
            "zone_version": max(self._version, 0),
            "on_screen": self._showing,
            "screen": "3840x2160",
            "started_at": self._started_at,
            "problem": self._problem,
        }
        self.asker.post(HEARTBEAT, said, fine=(204,))
