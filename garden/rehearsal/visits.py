"""One visitor at a kiosk, as the kiosk's page asks for them."""

import itertools
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from garden.rehearsal.freshness import Sent
from garden.rehearsal.visitors import SlatePlan, VisitPlan

if TYPE_CHECKING:
    from garden.rehearsal.kiosks import Kiosk

LIMIT = 60
MOST_SENT = 3
SOUVENIR_PAGE = "/s/…"

Picture = dict[str, Any]


class StoppedError(Exception):
    """The rehearsal ends in the middle of a visit."""


class Visit:
    """From consent to goodbye."""

    def __init__(self, kiosk: "Kiosk", plan: VisitPlan) -> None:
        self._kiosk, self._plan = kiosk, plan
        self._ask = kiosk.asker
        self._reading: dict[str, Any] = {}
        self._garden: dict[str, Any] = {}
        self._liked: list[Picture] = []
        self._events = itertools.count()

    def happen(self) -> None:
        self._consent_and_look()
        emotion = self._answer()
        if self._plan.leaves_early:
            return
        self._enjoy(emotion)
        if self._liked:
            self._send_to_wall()
            self._take_souvenir()
        self._enter("goodbye")

    def _consent_and_look(self) -> None:
        self._enter("consent")
        self._pause(self._plan.to_consent)
        if not self._plan.uses_camera:
            return
        self._enter("look")
        self._pause(self._plan.to_look)
        who = {"Content-Type": "image/jpeg", "X-user-id": self._plan.id}
        if self._plan.nobody_at_first:
            self._ask.post("/emotion", self._kiosk.nobody, headers=who, fine=(200, 404))
        face = self._kiosk.faces[int(self._plan.face * len(self._kiosk.faces))]
        answer = self._ask.post("/emotion", face, headers=who)
        self._reading = answer.json() if answer.status == 200 else {}

    def _answer(self) -> str:
        """What the visitor says they feel."""
        self._enter("question" if self._reading else "wheel")
        self._pause(self._plan.to_answer)
        if self._plan.corrects or not self._reading:
            return self._plan.mood
        return str(self._reading["emotions"]).lower()

    def _enjoy(self, emotion: str) -> None:
        pictures = self._plant(emotion)
        for number, slate in enumerate(self._plan.slates):
            if slate.wishes_favorite and (favorite := _favorite_in(pictures)):
                pictures = self._plant(f"{emotion}/{favorite}")
            shown = _slate(pictures, number)
            if not shown:
                return
            self._kiosk.show(shown)
            self._kiosk.show(_slate(pictures, number + 1))
            self._pause(slate.seconds)
            self._say(slate, shown)

    def _plant(self, emotion: str) -> list[Picture]:
        """Pictures that fit the kiosk's screen, if there are any."""
        self._enter("garden")
        wish = {
            "id": self._plan.id,
            "emotion": emotion,
            "limit": LIMIT,
            "generation": self._reading.get("generation"),
            "gender": self._reading.get("gender"),
        }
        answer = self._ask.post("/garden", wish)
        self._garden = answer.json() if answer.status == 200 else {}
        fitting: list[Picture] = self._garden.get(self._kiosk.orientation) or []
        return fitting

    def _say(self, slate: SlatePlan, shown: list[Picture]) -> None:
        """Likes one by one; Next without one says that these were seen."""
        liked = [picture for picture, likes in zip(shown, slate.likes, strict=False) if likes]
        items: list[Picture | None] = [*liked] or [None]
        for item in items:
            like = {
                "id": self._plan.id,
                "itemId": item and item["key"],
                "impression": [picture["key"] for picture in shown],
                "recommendationId": self._garden.get("recommendationId"),
                "eventId": f"{self._plan.id}-{next(self._events)}",
            }
            for _ in range(2 if slate.sent_twice else 1):
                self._ask.post("/like", like)
        self._liked += liked

    def _send_to_wall(self) -> None:
        self._enter("gift")
        if not (self._plan.sends_to_wall and self._kiosk.has_wall):
            return
        keys = list(dict.fromkeys(picture["key"] for picture in self._liked))[-MOST_SENT:]
        answer = self._ask.post("/sendToWall", {"keys": keys}, fine=(200, 409))
        if answer.status == 409:  # This kiosk belongs to no zone: its page does not offer it again.
            self._kiosk.has_wall = False
        elif answer.status == 200 and (sent := answer.json())["zone"] == self._kiosk.zone:
            self._kiosk.freshness.sent.append(Sent(sent["version"], tuple(sent["slots"]), self._kiosk.clock.seconds))

    def _take_souvenir(self) -> None:
        if self._plan.takes_souvenir:
            answer = self._ask.post("/souvenir", {"key": self._liked[-1]["key"]})
            link = answer.json()["url"] if answer.status == 200 else ""
            if link and self._plan.opens_souvenir:
                self._ask.get(SOUVENIR_PAGE, urlsplit(link).path)
        self._pause(self._plan.at_gift)

    def _enter(self, moment: str) -> None:
        self._kiosk.enter(moment)

    def _pause(self, seconds: float) -> None:
        if not self._kiosk.pulse.rest(seconds / self._kiosk.clock.pace):
            raise StoppedError


def _slate(pictures: list[Picture], number: int) -> list[Picture]:
    count = min(3, len(pictures))
    return [pictures[(number * 3 + place) % len(pictures)] for place in range(count)]


def _favorite_in(pictures: list[Picture]) -> str:
    favorites = [picture["emotion"].partition("/")[2] for picture in pictures]
    return next((favorite for favorite in favorites if favorite), "")
