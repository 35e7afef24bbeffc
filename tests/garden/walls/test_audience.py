"""Walls that follow the moods of a room: off by default, never with few visitors, and nobody's name in it."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from rest_framework.test import APIClient

from garden.models import Playlist, PlaylistPicture, WallChange, Zone
from garden.walls.audience import forget_moods_of, moods, moods_of, note_mood, slots_by_mood
from garden.walls.rotation import keep_walls
from recommend.services.gardens import GardenRequest, recommend_garden
from tests.garden.walls.walls import keys_on, landscapes
from tests.recommend.cast import post
from tests.support import pictures
from tests.support.factories import KioskFactory
from tests.support.kiosk import show_photo

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as machine:
        yield machine


@pytest.fixture
def zone() -> Zone:
    return Zone.objects.create(name="zone1", follows_audience=True, turn_seconds=5)


def marks(*zones: Zone) -> list[str]:
    return [mark for zone in zones for mark in cache.get(f"moods.{zone.pk}", {})]


def come(zone: Zone, first: int = 0, **visitors: int) -> None:
    """So many new visitors of each mood."""
    for emotion, count in visitors.items():
        for n in range(count):
            note_mood(zone, f"{emotion}-{first + n}", emotion)


def play(clock: time_machine.Traveller, turns: int = 16) -> None:
    for _ in range(turns):
        keep_walls()
        clock.shift(5)


def shown(zone: Zone) -> Counter[str]:
    """Slots by emotion."""
    return Counter(key.split("/")[1] for key in keys_on(zone).values())


def test_it_is_off_unless_it_is_switched_on_and_without_a_zone_nothing_is_remembered(zone: Zone) -> None:
    quiet = Zone.objects.create(name="zone2")
    come(quiet, happy=12)
    note_mood(None, "ann", "happy")
    landscapes(3, "happy")
    recommend_garden(request=GardenRequest(visitor_id="ann", emotion="happy"), kiosk=KioskFactory.create())
    assert not quiet.follows_audience
    assert not marks(quiet, zone)


def test_a_mark_names_nobody_and_is_another_one_in_another_zone(zone: Zone) -> None:
    other = Zone.objects.create(name="zone2", follows_audience=True)
    for each in (zone, other):
        note_mood(each, "ann", "happy")
    kept = marks(zone, other)
    assert len(set(kept)) == 2
    assert not any("ann" in mark for mark in kept)


def test_a_visitor_who_is_forgotten_takes_the_mood_along(zone: Zone) -> None:
    come(zone, happy=1, calm=1)
    assert [(held["zone"], held["emotion"]) for held in moods_of("happy-0")] == [("zone1", "happy")]
    forget_moods_of("happy-0")
    assert moods_of("happy-0") == []
    assert len(marks(zone)) == 1


def test_a_visitor_counts_once_with_the_latest_mood(zone: Zone) -> None:
    Zone.objects.update(audience_minimum=5)
    zone.refresh_from_db()
    come(zone, calm=5)
    come(zone, calm=5)
    for n in range(3):
        note_mood(zone, f"calm-{n}", "happy")
    assert moods(zone, NOON) == {"happy": 3}


def test_moods_of_enough_visitors_and_of_enough_with_each_count_for_a_quarter_of_an_hour(
    zone: Zone, clock: time_machine.Traveller
) -> None:
    come(zone, happy=9)
    assert moods(zone, NOON) == {}
    come(zone, 9, happy=1, sad=2, calm=3)
    assert moods(zone, NOON) == {"happy": 10, "calm": 3}
    clock.shift(15 * 60)
    assert moods(zone, datetime.now(UTC)) == {}


@pytest.mark.parametrize(
    ("visitors", "places"),
    [
        ({"happy": 10}, {"happy": 8}),
        ({"happy": 10, "calm": 3}, {"happy": 6, "calm": 2}),
        ({"happy": 50, "calm": 3}, {"happy": 8, "calm": 0}),
        ({"happy": 3, "calm": 3, "sad": 3}, {"calm": 3, "happy": 3, "sad": 2}),
    ],
)
def test_places_are_in_proportion(visitors: dict[str, int], places: dict[str, int]) -> None:
    assert slots_by_mood(visitors, 8) == places
    assert sum(places.values()) == 8


def test_the_wall_turns_picture_by_picture_to_the_mix_of_the_room(zone: Zone, clock: time_machine.Traveller) -> None:
    landscapes(60, "sad")
    keep_walls()
    landscapes(12, "happy"), landscapes(12, "calm")
    come(zone, happy=9, calm=3)
    before = keys_on(zone)
    clock.shift(5)
    keep_walls()
    assert len(before.items() - keys_on(zone).items()) == 1
    play(clock)
    assert shown(zone) == {"happy": 6, "calm": 2}
    assert WallChange.objects.order_by("-version")[0].source == "audience"


def test_it_shows_the_playlist_of_a_mood_where_there_is_one(zone: Zone, clock: time_machine.Traveller) -> None:
    chosen, _others = landscapes(8, "happy"), landscapes(12, "happy")
    playlist = Playlist.objects.create(zone=zone, name="happy", emotion="happy")
    for place, image in enumerate(chosen):
        PlaylistPicture.objects.create(playlist=playlist, image=image, place=place)
    come(zone, happy=10)
    play(clock)
    assert set(keys_on(zone).values()) == {image.key for image in chosen}


def test_when_the_room_empties_the_playlists_come_back(zone: Zone, clock: time_machine.Traveller) -> None:
    landscapes(12, "happy"), landscapes(60, "sad")
    come(zone, happy=10)
    play(clock)
    assert shown(zone) == {"happy": 8}
    clock.shift(15 * 60)
    play(clock)
    assert shown(zone) == {"sad": 8}


def test_sightings_are_gone_after_two_hours(zone: Zone, clock: time_machine.Traveller) -> None:
    come(zone, happy=3)
    clock.shift(119 * 60)
    come(zone, 3, happy=1)
    keep_walls()
    assert len(marks(zone)) == 4
    clock.shift(60)
    keep_walls()
    assert len(marks(zone)) == 1


def test_a_garden_requested_at_the_kiosk_notes_the_mood(zone: Zone, api: APIClient, settings: Any) -> None:
    landscapes(3, "happy")
    assert post(api, "/garden", id="ann", emotion="happy").status_code == 200
    assert post(api, "/garden", emotion="happy").status_code == 200
    assert len(marks(zone)) == 1
    assert moods_of("ann")[0]["emotion"] == "happy"


def test_a_face_read_at_the_kiosk_notes_the_mood(zone: Zone, api: APIClient) -> None:
    reading = show_photo(api, pictures.portrait(), **{"X-user-id": "ann"}).json()
    assert [held["emotion"] for held in moods_of("ann")] == [reading["emotions"].lower()]
