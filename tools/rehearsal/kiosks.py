"""A kiosk as its page behaves, and what visitors do at it.

People take times with a long tail, so pauses are log-normal. Medians and shares are assumptions, from watching a few
visits; a site that has measured its own visitors changes them here.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote, urlsplit

from garden.vocabulary import REHEARSAL, Emotion
from tools.rehearsal.client import Client
from tools.rehearsal.devices import Day, Picture, SimulatedDevice

MEAN_VISIT_SECONDS = 40
"""About what the shares and medians below come to, without the server's part."""
RUSH = ((0.20, 0.40), (0.30, 0.25), (0.30, 0.25), (0.20, 0.10))
"""An opening day: (share of the time, share of the visitors). Most come when the doors open."""
WITHOUT_CAMERA = 0.10
NOBODY_AT_FIRST = 0.04
CORRECTS = 0.40
LEAVES_EARLY = 0.08
LIKES_A_PICTURE = 0.25
SENT_TWICE = 0.02
LOOKS_ON = 0.65
CHOOSES_FAVORITE = 0.15
SENDS_TO_WALL = 0.45
TAKES_SOUVENIR = 0.40
OPENS_SOUVENIR = 0.60
MOST_SLATES = 8

LIMIT = 60
SLATE = 3
MOST_SENT = 3
SCREEN_SIDE = 1280
ACCEPTED = {"Accept": "image/avif,image/webp,*/*"}


@dataclass(frozen=True, slots=True)
class Sent:
    """What `/sendToWall` answered, and when."""

    version: int
    slots: tuple[str, ...]
    at: float


@dataclass(frozen=True, slots=True)
class SimulatedVisitor:
    """`arrives` is a share of the day; what the visitor does is drawn from `random`."""

    id: str
    arrives: float
    random: Random


def visitors_of_a_day(count: int, *, name: str, seed: int) -> list[SimulatedVisitor]:
    """In the order in which they arrive; `name` is a part of their ids. The same seed is the same day."""
    random = Random(seed)
    begins = [0.0, *itertools.accumulate(time for time, _ in RUSH)]
    parts = random.choices(range(len(RUSH)), [share for _, share in RUSH], k=count)
    arrivals = sorted(begins[part] + random.random() * RUSH[part][0] for part in parts)
    return [
        SimulatedVisitor(f"{REHEARSAL}-{name}-{number:05d}", arrives, Random(f"{seed}-{number}"))
        for number, arrives in enumerate(arrivals)
    ]


class SimulatedKiosk(SimulatedDevice):
    """Visits, one after the other. `has_wall` is false once the server says that the kiosk belongs to no zone."""

    def __init__(
        self, client: Client, day: Day, *, faces: Sequence[bytes], nobody: bytes, zone: str, orientation: str
    ) -> None:
        super().__init__(client, day)
        self.faces, self.nobody, self.zone, self.orientation = faces, nobody, zone, orientation
        self.has_wall = True
        self.visits = 0
        self.sent: list[Sent] = []
        self._state = "attract"
        self._loaded: set[str] = set()

    def run(self, next_visitor: Callable[[], SimulatedVisitor | None], day_seconds: float) -> None:
        """Take the next visitor in line, until none is left."""
        while (visitor := next_visitor()) is not None:
            self.enter("attract")
            self.rest(visitor.arrives * day_seconds - self.day.seconds)
            SimulatedVisit(self, visitor).run()
            self.visits += 1

    def enter(self, state: str) -> None:
        self._state = state
        self.changed()

    def heartbeat(self) -> dict[str, Any]:
        return {**super().heartbeat(), "on_screen": self._state, "screen": "1080x1920"}

    def load(self, pictures: list[Picture]) -> None:
        """Ask for the pictures that the browser does not have."""
        for picture in pictures:
            path = f"/picture/{SCREEN_SIDE}/{quote(picture['key'])}"
            if path not in self._loaded:
                self._loaded.add(path)
                self.client.get(path, route="/picture (kiosk)", headers=ACCEPTED)


class SimulatedVisit:
    """From consent to goodbye."""

    def __init__(self, kiosk: SimulatedKiosk, visitor: SimulatedVisitor) -> None:
        self._kiosk, self._client = kiosk, kiosk.client
        self._id, self._random = visitor.id, visitor.random
        self._reading: dict[str, Any] = {}
        self._garden: dict[str, Any] = {}
        self._liked: list[Picture] = []
        self._events = itertools.count()

    def run(self) -> None:
        self._consent()
        emotion = self._answer()
        if self._is(LEAVES_EARLY):
            return
        self._look_at_pictures(emotion)
        if self._liked:
            self._send_to_wall()
            self._take_souvenir()
        self._kiosk.enter("goodbye")

    def _consent(self) -> None:
        self._kiosk.enter("consent")
        self._pause(4, 0.5)
        if self._is(WITHOUT_CAMERA):
            return
        self._kiosk.enter("look")
        self._pause(4, 0.3)
        headers = {"Content-Type": "image/jpeg", "X-user-id": self._id}
        if self._is(NOBODY_AT_FIRST):
            self._client.post("/emotion", self._kiosk.nobody, headers=headers, expected=(200, 404))
        answer = self._client.post("/emotion", self._random.choice(self._kiosk.faces), headers=headers)
        self._reading = answer.json() if answer.status == 200 else {}

    def _answer(self) -> str:
        """What the visitor says they feel."""
        self._kiosk.enter("question" if self._reading else "wheel")
        self._pause(3, 0.5)
        if self._is(CORRECTS) or not self._reading:
            return self._random.choice(list(Emotion)).value
        return str(self._reading["emotions"]).lower()

    def _look_at_pictures(self, emotion: str) -> None:
        pictures = self._pictures_for(emotion)
        for number in range(MOST_SLATES):
            if self._is(CHOOSES_FAVORITE) and (favorite := _favorite_in(pictures)):
                pictures = self._pictures_for(f"{emotion}/{favorite}")
            slate = _slate(pictures, number)
            if not slate:
                return
            self._kiosk.load(slate + _slate(pictures, number + 1))
            self._pause(6, 0.6)
            self._like(slate)
            if not self._is(LOOKS_ON):
                return

    def _pictures_for(self, emotion: str) -> list[Picture]:
        """Pictures that fit the kiosk's screen, if there are any."""
        self._kiosk.enter("garden")
        about = {name: self._reading.get(name) for name in ("generation", "gender")}
        answer = self._client.post("/garden", {"id": self._id, "emotion": emotion, "limit": LIMIT, **about})
        self._garden = answer.json() if answer.status == 200 else {}
        fitting: list[Picture] = self._garden.get(self._kiosk.orientation) or []
        return fitting

    def _like(self, slate: list[Picture]) -> None:
        """Likes one by one; without one, a request says that these pictures were seen."""
        liked = [picture for picture in slate if self._is(LIKES_A_PICTURE)]
        times = 2 if self._is(SENT_TWICE) else 1
        for item in [picture["key"] for picture in liked] or [None]:
            like = {
                "id": self._id,
                "itemId": item,
                "impression": [picture["key"] for picture in slate],
                "recommendationId": self._garden.get("recommendationId"),
                "eventId": f"{self._id}-{next(self._events)}",
            }
            for _ in range(times):
                self._client.post("/like", like)
        self._liked += liked

    def _send_to_wall(self) -> None:
        self._kiosk.enter("gift")
        if not (self._is(SENDS_TO_WALL) and self._kiosk.has_wall):
            return
        keys = list(dict.fromkeys(picture["key"] for picture in self._liked))[-MOST_SENT:]
        answer = self._client.post("/sendToWall", {"keys": keys}, expected=(200, 409))
        if answer.status == 409:  # This kiosk belongs to no zone: its page does not offer it again.
            self._kiosk.has_wall = False
        elif answer.status == 200 and (sent := answer.json())["zone"] == self._kiosk.zone:
            self._kiosk.sent.append(Sent(sent["version"], tuple(sent["slots"]), self._kiosk.day.seconds))

    def _take_souvenir(self) -> None:
        if self._is(TAKES_SOUVENIR):
            answer = self._client.post("/souvenir", {"key": self._liked[-1]["key"]})
            if answer.status == 200 and (link := answer.json()["url"]) and self._is(OPENS_SOUVENIR):
                self._client.get(urlsplit(link).path, route="/s/…")
        self._pause(8, 0.6)

    def _is(self, share: float) -> bool:
        return self._random.random() < share

    def _pause(self, median: float, spread: float) -> None:
        """Seconds of a real day, bounded."""
        seconds = min(self._random.lognormvariate(math.log(median), spread), 10 * median)
        self._kiosk.rest(seconds / self._kiosk.day.pace)


def _slate(pictures: list[Picture], number: int) -> list[Picture]:
    count = min(SLATE, len(pictures))
    return [pictures[(number * SLATE + place) % len(pictures)] for place in range(count)]


def _favorite_in(pictures: list[Picture]) -> str:
    favorites = [picture["emotion"].partition("/")[2] for picture in pictures]
    return next((favorite for favorite in favorites if favorite), "")
