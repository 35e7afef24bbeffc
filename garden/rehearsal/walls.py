"""A wall as its page behaves: asks for the manifest every second, fetches a new picture, tells how it is."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from garden.rehearsal.asking import Asker
from garden.rehearsal.clock import Clock, Pulse
from garden.rehearsal.freshness import Freshness
from garden.rehearsal.measuring import WRONG_PICTURE, Measurements, Sample

PERIOD_SECONDS = 1.0
SLOTS = tuple(f"{number}{side}" for side in "hv" for number in range(1, 9))
VERSION = "rehearsal"
"""Tells the heartbeats of a rehearsal from those of real devices."""
MANIFEST, PICTURE, HEARTBEAT = "/wall/…/manifest", "/picture (wall)", "/heartbeat"


@dataclass(slots=True)
class Wall:
    name: str
    zone: str
    slot: str
    asker: Asker
    clock: Clock
    freshness: Freshness
    measurements: Measurements
    _etag: str = ""
    _version: int = -1
    _showing: str = ""
    _problem: str = ""
    _started_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())

    def run(self, delay: float) -> None:
        """Until the rehearsal is stopped; `delay` keeps walls from asking all at once."""
        pulse = Pulse(self.clock, self._tell)
        self.clock.rest(delay)
        while not self.clock.stopped.is_set():
            next_look = self.clock.seconds + PERIOD_SECONDS
            if self._look():
                pulse.beat_now()
            pulse.rest(next_look - self.clock.seconds)
        self.asker.close()

    def _look(self) -> bool:
        """Whether another picture hangs now."""
        known = {"If-None-Match": self._etag} if self._etag else {}
        answer = self.asker.get(MANIFEST, f"/wall/{self.zone}/manifest", headers=known, fine=(200, 304))
        if answer.status != 200:
            return False
        manifest = json.loads(answer.json().get("payload", "{}"))
        changed = self._hang(manifest.get("slots", {}).get(self.slot))
        self._etag, self._version = answer.headers.get("ETag", ""), manifest.get("version", -1)
        self.freshness.shown(self.name, self.slot, self._version, self.clock.seconds)
        return changed

    def _hang(self, picture: dict[str, Any] | None) -> bool:
        if picture is None or picture["key"] == self._showing:
            return False
        answer = self.asker.get(PICTURE, picture["url"])
        self._problem = "" if _is(answer.body, picture["sha256"]) else WRONG_PICTURE
        if answer.status == 200 and self._problem:
            self.measurements.note(Sample(f"GET {PICTURE}", 0.0, 0, WRONG_PICTURE))
        self._showing = picture["key"]
        return True

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


def _is(content: bytes, sha256: str) -> bool:
    return hashlib.sha256(content).hexdigest() == sha256
