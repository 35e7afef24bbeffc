"""What visitors do at a kiosk, against answers that are always the same."""

import json
from collections import Counter
from itertools import pairwise
from typing import Any

import urllib3

from tests.rehearsal.test_day import a_day
from tools.rehearsal.client import Answer, Client, Measurements
from tools.rehearsal.devices import Day
from tools.rehearsal.kiosks import MEAN_VISIT_SECONDS, MOST_SLATES, SimulatedKiosk, SimulatedVisit

PICTURES = [{"key": f"emotions/calm/cat/img_{number}.jpeg", "emotion": "calm/cat"} for number in range(30)]
ANSWERS: dict[str, Any] = {
    "/emotion": {"emotions": "CALM", "generation": "adult", "gender": "Male"},
    "/garden": {"portrait": PICTURES, "landscape": [], "recommendationId": "1"},
    "/sendToWall": {"zone": "zone1", "version": 3, "slots": ["1v"]},
    "/souvenir": {"url": "https://garden.example/s/token"},
}


class RecordingClient(Client):
    """Sends nothing."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1", "", Measurements())
        self.requests: list[tuple[str, Any]] = []

    def _request(self, method: str, path: str, content: object, headers: Any) -> Answer:
        self.requests.append((path, content))
        return urllib3.HTTPResponse(body=json.dumps(ANSWERS.get(path, {})).encode(), status=200)


class RecordingKiosk(SimulatedKiosk):
    """Rests no time, and adds up how long it would."""

    seconds = 0.0

    def rest(self, seconds: float) -> None:
        self.seconds += seconds


def visits(count: int) -> tuple[RecordingKiosk, list[list[tuple[str, Any]]]]:
    """The requests of each visit."""
    client = RecordingClient()
    day = Day(1.0, Measurements())
    kiosk = RecordingKiosk(client, day, faces=[b"face"], nobody=b"nobody", zone="zone1", orientation="portrait")
    by_visitor = []
    for visitor in a_day(count):
        client.requests = []
        SimulatedVisit(kiosk, visitor).run()
        by_visitor.append(client.requests)
    return kiosk, by_visitor


def test_a_visit_takes_as_long_as_the_pace_supposes() -> None:
    kiosk, by_visitor = visits(2000)
    assert 0.9 < kiosk.seconds / len(by_visitor) / MEAN_VISIT_SECONDS < 1.1


def test_there_are_visitors_of_every_kind() -> None:
    _kiosk, by_visitor = visits(500)
    kinds = Counter(frozenset(path for path, _content in requests) for requests in by_visitor)
    assert frozenset() in kinds  # Without a camera, and gone before the pictures.
    for path in ("/emotion", "/garden", "/like", "/sendToWall", "/souvenir", "/s/token"):
        shares = sum(count for paths, count in kinds.items() if path in paths) / len(by_visitor)
        assert 0 < shares < 1, path
    moods = {
        content["emotion"].partition("/")[0]
        for requests in by_visitor
        for path, content in requests
        if path == "/garden"
    }
    assert len(moods) == 8
    assert any(content == b"nobody" for requests in by_visitor for _path, content in requests)


def test_nobody_stays_for_ever() -> None:
    _kiosk, by_visitor = visits(2000)
    for requests in by_visitor:
        slates = {tuple(content["impression"]) for path, content in requests if path == "/like"}
        assert len(slates) <= MOST_SLATES


def test_a_like_that_is_sent_twice_has_one_event() -> None:
    _kiosk, by_visitor = visits(500)
    likes = [content for requests in by_visitor for path, content in requests if path == "/like"]
    repeated = [one for one, other in pairwise(likes) if one["eventId"] == other["eventId"]]
    assert repeated
    assert len({json.dumps(like, sort_keys=True) for like in likes}) == len({like["eventId"] for like in likes})
