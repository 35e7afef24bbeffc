"""Kiosks and walls as a stream of requests that come when they are due, whether or not others were answered."""

import itertools
import queue
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote

from garden.vocabulary import Emotion
from tools.rehearsal.client import NO_ANSWER, Answer, Client, Measurements, RequestSample
from tools.rehearsal.kiosks import ACCEPTED, SCREEN_SIDE

SHARES = {"wall": 50, "like": 18, "heartbeat": 11, "picture": 9, "garden": 7, "emotion": 5}
"""Of 100 requests, as on a rehearsed opening day: walls ask every second, a visitor likes more often than they ask."""
LIMIT = 60
BARE = "/bare"


@dataclass(slots=True)
class Device:
    """A kiosk and a wall in one thread: one request after the other, on one connection."""

    address: str
    key: str
    faces: Sequence[bytes]
    zone: str
    bare: bool
    random: Random
    measurements: Measurements
    _client: Client = field(init=False)
    _visitor: str = ""
    _garden: list[dict[str, Any]] = field(default_factory=list)
    _recommendation: str | None = None
    _etag: str = ""
    _events: "itertools.count[int]" = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self._next_visitor()

    def arrive(self) -> None:
        """Opens the connection, which `run` closes. A like follows shown pictures."""
        self._client = Client(self.address, self.key, Measurements())
        if not self._garden:
            self.garden()

    def run(self, due: "queue.Queue[tuple[float, str] | None]") -> None:
        while (wanted := due.get()) is not None:
            at, what = wanted
            fine, answer = getattr(self, what)()
            problem = "" if answer.status in fine else str(answer.status or NO_ANSWER)
            sample = RequestSample(what, time.perf_counter() - at, len(answer.data), problem)
            self.measurements.samples.append(sample)
        self._client.close()

    def emotion(self) -> tuple[tuple[int, ...], Answer]:
        self._next_visitor()
        headers = {"Content-Type": "image/jpeg", "X-user-id": self._visitor}
        return (200,), self._post("/emotion", self.random.choice(self.faces), headers)

    def garden(self) -> tuple[tuple[int, ...], Answer]:
        emotion = self.random.choice(list(Emotion)).value
        answer = self._post("/garden", {"id": self._visitor, "emotion": emotion, "limit": LIMIT})
        if answer.status == 200 and not self.bare:
            reported = answer.json()
            self._garden, self._recommendation = reported["landscape"], reported["recommendationId"]
        return (200,), answer

    def like(self) -> tuple[tuple[int, ...], Answer]:
        shown = [picture["key"] for picture in self._shown(3)]
        message = {"id": self._visitor, "itemId": shown[0] if shown else None, "impression": shown}
        event = f"{self._visitor}-{next(self._events)}"
        return (200,), self._post("/like", {**message, "recommendationId": self._recommendation, "eventId": event})

    def heartbeat(self) -> tuple[tuple[int, ...], Answer]:
        message = {"version": "load", "on_screen": "garden", "screen": "1080x1920", "problem": ""}
        return (200, 204), self._post("/heartbeat", {**message, "started_at": "2026-11-01T09:00:00Z"})

    def picture(self) -> tuple[tuple[int, ...], Answer]:
        shown = self._shown(1)
        if self.bare or not shown:
            return (200, 304), self._get(f"/wall/{self.zone}/manifest", {})
        return (200, 304), self._get(f"/picture/{SCREEN_SIDE}/{quote(shown[0]['key'])}", ACCEPTED)

    def wall(self) -> tuple[tuple[int, ...], Answer]:
        answer = self._get(f"/wall/{self.zone}/manifest", {"If-None-Match": self._etag} if self._etag else {})
        self._etag = answer.headers.get("ETag", self._etag)
        return (200, 304), answer

    def _shown(self, count: int) -> list[dict[str, Any]]:
        return self.random.sample(self._garden, min(count, len(self._garden)))

    def _next_visitor(self) -> None:
        self._visitor = f"load-{uuid.UUID(int=self.random.getrandbits(128))}"

    def _post(self, path: str, content: Any, headers: dict[str, str] | None = None) -> Answer:
        return self._client.post(BARE if self.bare else path, content, headers=headers)

    def _get(self, path: str, headers: dict[str, str]) -> Answer:
        return self._client.get(BARE if self.bare else path, headers=headers)


def send(devices: Sequence[Device], rate: float, seconds: float, random: Random) -> Measurements:
    """So many requests a second, at random moments; times count from when each was due, waiting included."""
    measurements = Measurements()
    due: queue.Queue[tuple[float, str] | None] = queue.Queue()
    threads = []
    for device in devices:
        device.arrive()
        device.measurements = measurements
        threads.append(threading.Thread(target=device.run, args=(due,), daemon=True))
        threads[-1].start()
    at = begun = time.perf_counter()
    while at < begun + seconds:
        time.sleep(max(0.0, at - time.perf_counter()))
        due.put((at, random.choices(list(SHARES), list(SHARES.values()))[0]))
        at += random.expovariate(rate)
    for _ in threads:
        due.put(None)
    for thread in threads:
        thread.join()
    return measurements
