"""Kiosks that go on while things are taken away: they ask, like, and send a like again until it is taken."""

import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import requests

from tests.faults.planting import EMOTION
from tools.services.ports import wait_until

PAUSE = 0.02
ANSWERED = {200, 204}
NOBODY = "no answer"


@dataclass
class Kiosk:
    """One page: a visitor after the other, each asks for a garden and likes one picture of it."""

    url: str
    seen: Counter[str] = field(default_factory=Counter)
    strange: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def visit(self, ended: threading.Event) -> None:
        session, visitor = requests.Session(), str(uuid.uuid4())
        request_data = {"id": visitor, "emotion": EMOTION, "generation": "", "limit": 12}
        garden = self._post(session, "/garden", request_data) or self._post(session, "/gardenfromDB", request_data)
        if garden is None:
            time.sleep(PAUSE)
            return
        keys = [picture["key"] for picture in garden.json()["landscape"][:3]]
        like = {"id": visitor, "itemId": keys[0], "impression": keys, "eventId": str(uuid.uuid4())}
        while self._post(session, "/like", like) is None:
            time.sleep(PAUSE)
            if ended.is_set():
                return
        self.taken.append(like["eventId"])

    def _post(self, session: requests.Session, path: str, content: dict[str, Any]) -> requests.Response | None:
        try:
            answer = session.post(f"{self.url}{path}", json=content, timeout=30)
        except requests.RequestException:
            self.seen[NOBODY] += 1
            return None
        self.seen[f"{answer.status_code}"] += 1
        if answer.status_code in ANSWERED:
            return answer
        if not is_clear(answer):
            self.strange.append(f"{path}: {answer.status_code} {answer.text[:300]}")
        return None


def is_clear(answer: requests.Response) -> bool:
    """A refusal that a program can act on: not now, when again, and why."""
    message = answer.status_code == 503 and int(answer.headers.get("Retry-After", 0)) > 0
    return message and {"code", "detail"} <= set(answer.json())


class Crowd:
    """Several kiosks in threads, from `with` to its end."""

    def __init__(self, url: str, kiosks: int = 4) -> None:
        self.kiosks = [Kiosk(url) for _ in range(kiosks)]
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._go_on, args=(kiosk,), daemon=True) for kiosk in self.kiosks]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        self.all_are_served()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    @property
    def seen(self) -> Counter[str]:
        return sum((kiosk.seen for kiosk in self.kiosks), Counter())

    @property
    def strange(self) -> list[str]:
        return [words for kiosk in self.kiosks for words in kiosk.strange]

    @property
    def taken(self) -> list[str]:
        return [event for kiosk in self.kiosks for event in kiosk.taken]

    def all_are_served(self) -> None:
        """Wait until every kiosk had two more likes taken."""
        wanted = [len(kiosk.taken) + 2 for kiosk in self.kiosks]
        wait_until(lambda: all(len(kiosk.taken) >= many for kiosk, many in zip(self.kiosks, wanted, strict=True)))

    def meets(self, answer: str, times: int = 3) -> None:
        """Wait until so many more requests were answered so."""
        wanted = self.seen[answer] + times
        wait_until(lambda: self.seen[answer] >= wanted)

    def _go_on(self, kiosk: Kiosk) -> None:
        while not self._ended.is_set():
            kiosk.visit(self._ended)
