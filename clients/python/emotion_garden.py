"""A client of Emotion Garden for visitors' screens: one file to copy, which needs `requests`.

    garden = GardenClient("https://garden.example.org", key="…")
    reading = garden.read_face(photo)
    pictures = garden.recommend(reading.visitor, reading.emotion)
    garden.like(reading.visitor, pictures.landscape[0], shown=pictures.landscape[:3], recommendation=pictures.id)

A busy site says how long to wait (429 and 503 with Retry-After): the request is sent again then, and a like that
arrives twice counts once. Every other refusal raises GardenApiError.
"""

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

TIMEOUT = (3.05, 30.0)
"""Seconds to connect, and to wait for a response."""
BUSY = (429, 503)


class GardenApiError(Exception):
    """`code` is for programs (`no_face`, `unknown_image`, …); `extra` has what else the site says."""

    def __init__(self, status: int, code: str, detail: str, extra: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code, self.detail, self.extra = status, code, detail, extra


@dataclass(frozen=True)
class Reading:
    """What the site reads in a face. `emotion` is one of eight, `scores` has all of them."""

    visitor: str
    emotion: str
    scores: dict[str, float]
    generation: str
    gender: str
    ages: tuple[int, int]
    faults: tuple[str, ...]
    """What another photo would mend; empty: the face was seen well enough."""


@dataclass(frozen=True)
class Picture:
    key: str
    url: str
    emotion: str
    score: float = 0.0


@dataclass(frozen=True)
class Recommendation:
    """Best first. `personalized` is false where the recommender is unavailable."""

    id: str
    personalized: bool
    landscape: tuple[Picture, ...]
    portrait: tuple[Picture, ...]


@dataclass(frozen=True)
class Souvenir:
    """Empty where phones cannot open the site."""

    url: str
    code_svg: str


@dataclass(frozen=True)
class Shown:
    """Where a wall shows the pictures that were sent, as in `3h`."""

    zone: str
    version: int
    slots: tuple[str, ...] = field(default=())


class GardenClient:
    """One connection; give each thread its own. `patience` is how many seconds one call may wait for a busy site."""

    def __init__(self, address: str, key: str = "", patience: float = 30.0) -> None:
        self._address, self._patience = address.rstrip("/"), patience
        self._session = requests.Session()
        if key:
            self._session.headers["x-api-key"] = key

    def read_face(self, photo: bytes, visitor: str = "", consent: str = "") -> Reading:
        """Without a visitor the site makes an id. The photo is gone when the answer is there."""
        headers = {"X-user-id": visitor or None, "X-Consent": consent or None}
        found = self._post("/emotion", data=photo, headers=headers).json()
        return Reading(
            visitor=found["id"],
            emotion=found["emotions"].lower(),
            scores=found["emotionScores"],
            generation=found["generation"],
            gender=found["gender"],
            ages=(found["ageRange"]["Low"], found["ageRange"]["High"]),
            faults=tuple(found["faults"]),
        )

    def recommend(self, visitor: str, emotion: str = "", *, start: int = 0, limit: int = 30) -> Recommendation:
        """Pictures of an emotion (`calm`, `calm/cat`; by default the visitor's last one), ordered for this visitor."""
        asked = {"id": visitor, "start": start, "limit": limit} | ({"emotion": emotion} if emotion else {})
        found = self._post("/garden", json=asked).json()
        sides = {side: tuple(Picture(**picture) for picture in found[side]) for side in ("landscape", "portrait")}
        return Recommendation(id=found["recommendationId"], personalized=found["personalized"], **sides)

    def like(
        self,
        visitor: str,
        picture: Picture | None,
        *,
        shown: Sequence[Picture] = (),
        recommendation: str = "",
        liked: bool = True,
    ) -> None:
        """`shown` are those seen together. No picture: none of them was liked. `liked=False`: a like taken back."""
        body = {"id": visitor, "itemId": picture and picture.key, "like": liked, "eventId": str(uuid.uuid4())}
        self._post("/like", json={**body, "impression": [one.key for one in shown], "recommendationId": recommendation})

    def send_to_wall(self, *pictures: Picture) -> Shown:
        """One to three, to the zone of this key's kiosk."""
        found = self._post("/sendToWall", json={"keys": [picture.key for picture in pictures]}).json()
        return Shown(found["zone"], found["version"], tuple(found["slots"]))

    def souvenir(self, picture: Picture) -> Souvenir:
        """A short link for the visitor's phone, and its QR code."""
        return Souvenir(**self._post("/souvenir", json={"key": picture.key}).json())

    def forget(self, visitor: str) -> None:
        """Delete the visitor. Their likes stay, without a visitor."""
        self._post("/forget", json={"id": visitor})

    def _post(self, path: str, **request: Any) -> requests.Response:
        patience = self._patience
        while True:
            response = self._session.post(f"{self._address}{path}", timeout=TIMEOUT, allow_redirects=False, **request)
            if response.status_code < 300:
                return response
            wait = _seconds_to_wait(response)
            if response.status_code not in BUSY or wait > patience:
                raise _error(response)
            time.sleep(wait)
            patience -= wait


def _seconds_to_wait(response: requests.Response) -> float:
    """A second where the response does not say; proxies may send a date instead."""
    try:
        return max(float(response.headers["Retry-After"]), 1.0)
    except (KeyError, ValueError):
        return 1.0


def _error(response: requests.Response) -> GardenApiError:
    """Plain text is the seeds' `No Face`, or a proxy's page."""
    status = response.status_code
    try:
        extra = dict(response.json())
    except ValueError:
        code = "no_face" if (status, response.text) == (404, "No Face") else "no_json"
        return GardenApiError(status, code, response.text[:200], {})
    return GardenApiError(status, extra.pop("code", ""), extra.pop("detail", ""), extra)
