"""`POST /heartbeat`: what devices report of themselves, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from garden.api.kiosks import KioskThrottle
from garden.models import DeviceHealth, Display, Kiosk
from tests.garden.fleet.fleet import NOON, beat, speaker, zone
from tests.support.factories import KioskFactory

pytestmark = pytest.mark.django_db
WALL = {
    "display": "zone1/3h",
    "version": "0.1.0+abc",
    "zone_version": 4,
    "on_screen": "emotions/calm/img_1h.jpeg",
    "screen": "3840x2160",
    "started_at": "2026-11-21T08:00:00Z",
    "problem": "",
}


def test_a_display_is_registered_by_its_first_heartbeat_and_the_next_one_replaces_it(api: APIClient) -> None:
    zone(version=4)
    assert beat(api, **WALL).status_code == 204
    display = Display.objects.get()
    assert (display.zone.name, display.number, display.orientation) == ("zone1", 3, "landscape")
    health = display.health
    assert (health.version, health.zone_version, health.screen) == ("0.1.0+abc", 4, "3840x2160")
    assert health.on_screen == "emotions/calm/img_1h.jpeg"
    beat(api, **{**WALL, "on_screen": "emotions/sad/img_2h.jpeg"})
    assert DeviceHealth.objects.get().on_screen == "emotions/sad/img_2h.jpeg"


def test_a_display_of_no_zone_is_refused(api: APIClient) -> None:
    answer = beat(api, **WALL)
    assert answer.status_code == 404
    assert answer.json() == {"code": "unknown_zone", "detail": "There is no zone 'zone1'.", "zone": "zone1"}
    assert not Display.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display", "zone1/9h"),
        ("display", "zone1/3x"),
        ("version", "x" * 51),
        ("zone_version", -1),
        ("on_screen", "x" * 2_000),
        ("screen", "large"),
        ("started_at", "yesterday"),
        ("problem", "x" * 501),
        ("problem", "a\0b"),
    ],
)
def test_junk_is_refused_by_its_field(api: APIClient, field: str, value: Any) -> None:
    zone()
    answer = beat(api, **{**WALL, field: value})
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert not DeviceHealth.objects.exists()


def test_a_kiosk_is_known_by_its_key() -> None:
    kiosk: Kiosk = KioskFactory.create()
    assert beat(speaker(kiosk), on_screen="consent", version="0.1.0+abc", screen="1080x1920").status_code == 204
    assert DeviceHealth.objects.get(kiosk=kiosk).on_screen == "consent"


def test_a_page_that_nobody_paired_is_answered_and_not_stored(api: APIClient) -> None:
    assert beat(api, on_screen="attract").status_code == 204
    assert not DeviceHealth.objects.exists()


@pytest.mark.parametrize("word", ["emotions/calm/img_1h.jpeg", "visitor-17"])
def test_a_kiosk_sends_neither_which_picture_nor_who(word: str) -> None:
    answer = beat(speaker(KioskFactory.create()), on_screen=word)
    assert answer.status_code == 400
    assert answer.json()["fields"] == {"on_screen": ["A kiosk names its moment alone."]}


def test_where_keys_are_asked_for_requests_without_one_are_refused(api: APIClient, settings: Any) -> None:
    settings.KIOSK_ACCESS = "keys"
    zone()
    assert beat(api, **WALL).status_code == 401
    assert not Display.objects.exists()


def test_it_has_a_throttle_of_its_own(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KioskThrottle.THROTTLE_RATES, "heartbeat", "2/min")
    zone()
    assert [beat(api, **WALL).status_code for _ in range(3)] == [204, 204, 429]
    assert api.post("/gardenfromDB", {"emotion": "calm"}, format="json").status_code == 200


def test_a_problem_lasts_from_its_first_heartbeat_to_its_last(api: APIClient) -> None:
    zone()
    with time_machine.travel(NOON, tick=False) as clock:
        beat(api, **{**WALL, "problem": "no network"})
        clock.shift(timedelta(seconds=30))
        beat(api, **{**WALL, "problem": "no network, twice"})
        assert DeviceHealth.objects.get().problem_at == NOON
        beat(api, **WALL)
        assert DeviceHealth.objects.get().problem_at is None


def test_a_display_is_behind_while_it_does_not_reach_the_version_it_missed(api: APIClient) -> None:
    place = zone(version=5)
    with time_machine.travel(NOON, tick=False) as clock:
        beat(api, **WALL)
        clock.shift(timedelta(seconds=60))
        type(place).objects.update(version=9)
        beat(api, **WALL)
        health = DeviceHealth.objects.get()
        assert (health.awaited_version, health.behind_since) == (5, NOON)
        beat(api, **{**WALL, "zone_version": 7})
        health.refresh_from_db()
        assert (health.awaited_version, health.behind_since) == (9, NOON + timedelta(seconds=60))
        beat(api, **{**WALL, "zone_version": 9})
        health.refresh_from_db()
        assert (health.awaited_version, health.behind_since) == (None, None)
