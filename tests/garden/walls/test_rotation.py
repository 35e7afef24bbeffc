"""What plays while nobody sends anything: turns, shows, darkness, and who may not be disturbed."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from curation.services.operations import remove_images, withdraw_images
from garden.models import Image, Playlist, PlaylistPicture, ShowTime, WallChange, Zone
from garden.models.wall import Source
from garden.walls.rotation import keep_walls, replace_removed
from garden.walls.service import assign
from tests.garden.walls.walls import age, keys_on, landscapes, picture, portraits

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as machine:
        yield machine


@pytest.fixture
def zone() -> Zone:
    return Zone.objects.create(name="zone1")


def playlist_of(zone: Zone, images: list[Image], name: str = "evening", **more: Any) -> Playlist:
    playlist = Playlist.objects.create(zone=zone, name=name, **more)
    for place, image in enumerate(images):
        PlaylistPicture.objects.create(playlist=playlist, image=image, place=place)
    return playlist


def hung(zone: Zone) -> set[str]:
    return set(keys_on(zone).values())


def keys(images: list[Image]) -> list[str]:
    return [image.key for image in images]


def now_and_then(clock: time_machine.Traveller, seconds: float) -> int:
    clock.shift(seconds)
    return keep_walls()


def test_a_zone_without_a_playlist_plays_the_newest_of_all_emotions(zone: Zone) -> None:
    for emotion in ("calm", "sad", "happy"):
        for hour in range(6):
            picture(emotion, published_at=MONDAY - timedelta(hours=hour))
    newest = Image.objects.order_by("-published_at", "-pk")[:8]
    assert keep_walls() == 1
    assert hung(zone) == {image.key for image in newest}


def test_empty_slots_are_filled_together_and_then_nothing_changes_until_it_is_due(
    zone: Zone, clock: time_machine.Traveller
) -> None:
    landscapes(20), portraits(20)
    keep_walls()
    assert (len(keys_on(zone)), len(hung(zone)), Zone.objects.get().version) == (16, 16, 1)
    assert (keep_walls(), now_and_then(clock, 30)) == (0, 0)
    assert Zone.objects.get().version == 1


def test_it_asks_as_little_of_a_hundred_quiet_zones_as_of_one(zone: Zone, django_assert_max_num_queries: Any) -> None:
    landscapes(20), portraits(20)
    for n in range(10):
        Zone.objects.create(name=f"more{n}")
    keep_walls()
    with django_assert_max_num_queries(6):
        assert keep_walls() == 0


def test_few_pictures_hang_twice_and_without_any_the_walls_stay_empty(zone: Zone) -> None:
    keep_walls()
    assert keep_walls() == 0
    assert keys_on(zone) == {}
    landscapes(3)
    keep_walls()
    assert len(keys_on(zone)) == 8
    assert len(hung(zone)) == 3


def test_every_turn_one_picture_of_each_orientation_changes(zone: Zone, clock: time_machine.Traveller) -> None:
    landscapes(20), portraits(20)
    keep_walls()
    before = keys_on(zone)
    assert now_and_then(clock, 60) == 1
    changed = {slot for slot, key in keys_on(zone).items() if key != before[slot]}
    assert sorted(slot[-1] for slot in changed) == ["h", "v"]
    assert len(hung(zone)) == 16


def test_the_pictures_of_a_playlist_come_in_their_order(zone: Zone, clock: time_machine.Traveller) -> None:
    images = landscapes(11)
    playlist_of(zone, images)
    keep_walls()
    assert hung(zone) == set(keys(images[:8]))
    seen: list[str] = []
    for _ in range(4):
        before = hung(zone)
        now_and_then(clock, 60)
        seen += hung(zone) - before
    assert seen == keys([*images[8:], images[0]])


def test_where_every_picture_hangs_none_takes_a_turn(zone: Zone, clock: time_machine.Traveller) -> None:
    playlist_of(zone, landscapes(8))
    keep_walls()
    assert now_and_then(clock, 3600) == 0


def test_a_picture_that_was_sent_rests_and_then_gives_way(zone: Zone, clock: time_machine.Traveller) -> None:
    playlist_of(zone, landscapes(30))
    (sent,) = landscapes(1)
    keep_walls()
    assign(zone, {"4h": sent}, source=Source.VISITOR)
    for _ in range(9):
        now_and_then(clock, 60)
        assert keys_on(zone)["4h"] == sent.key
    now_and_then(clock, 60)
    assert sent.key not in hung(zone)


@pytest.mark.parametrize("favorite", ["", "cat"])
def test_a_playlist_without_chosen_pictures_plays_the_newest_of_its_emotion_or_favorite(
    zone: Zone, favorite: str
) -> None:
    wanted = landscapes(8, f"happy/{favorite}" if favorite else "happy")
    landscapes(8, "happy" if favorite else "sad")
    playlist_of(zone, [], emotion="happy", favorite=favorite)
    keep_walls()
    assert hung(zone) == set(keys(wanted))


def test_a_picture_that_left_the_garden_is_replaced_within_the_same_change(zone: Zone) -> None:
    images = landscapes(9)
    playlist_of(zone, images)
    keep_walls()
    Image.objects.filter(pk=images[2].pk).withdraw()
    assert keep_walls() == 1
    assert hung(zone) == set(keys([*images[:2], *images[3:]]))
    assert Zone.objects.get().version == 2


def test_a_picture_with_new_content_makes_a_new_version(zone: Zone, clock: time_machine.Traveller) -> None:
    images = landscapes(8)
    keep_walls()
    clock.shift(10)
    Image.objects.filter(pk=images[0].pk).update(content_hash="f" * 64, changed_at=timezone.now())
    assert now_and_then(clock, 1) == 1
    assert now_and_then(clock, 1) == 0


def test_a_show_begins_and_ends_at_once(zone: Zone, clock: time_machine.Traveller) -> None:
    usual, special = landscapes(8, "calm"), landscapes(8, "happy")
    playlist_of(zone, usual, "usual")
    show = playlist_of(zone, special, "special", is_fallback=False)
    ShowTime.objects.create(zone=zone, playlist=show, begins=time(13), ends=time(14))
    keep_walls()
    assert hung(zone) == set(keys(usual))
    now_and_then(clock, 3600)
    assert hung(zone) == set(keys(special))
    now_and_then(clock, 3600)
    assert hung(zone) == set(keys(usual))


def test_what_was_sent_lately_stays_when_a_show_begins(zone: Zone, clock: time_machine.Traveller) -> None:
    landscapes(20, "calm")
    (sent,) = landscapes(1, "sad")
    show = playlist_of(zone, landscapes(8, "happy"), "special", is_fallback=False)
    ShowTime.objects.create(zone=zone, playlist=show, begins=time(12, 5), ends=time(14))
    keep_walls()
    assign(zone, {"3h": sent}, source=Source.VISITOR)
    now_and_then(clock, 300)
    assert keys_on(zone)["3h"] == sent.key
    assert {key.split("/")[1] for key in hung(zone)} == {"happy", "sad"}


def test_the_walls_are_dark_when_the_schedule_says_so_and_come_back(zone: Zone, clock: time_machine.Traveller) -> None:
    landscapes(20)
    ShowTime.objects.create(zone=zone, begins=time(13), ends=time(14))
    keep_walls()
    before = keys_on(zone)
    assert now_and_then(clock, 3600) == 1
    assert Zone.objects.get().is_dark
    assert now_and_then(clock, 600) == 0
    assert keys_on(zone) == before
    assert now_and_then(clock, 3000) == 1
    assert not Zone.objects.get().is_dark
    assert list(WallChange.objects.order_by("version").values_list("version", "source")) == [
        (1, "playlist"),
        (2, "keeper"),
        (3, "keeper"),
    ]


@pytest.mark.parametrize(
    ("days", "begins", "ends", "at", "dark"),
    [
        ("1", time(22), time(6), "2026-11-23T23:00", True),
        ("1", time(22), time(6), "2026-11-24T05:59", True),
        ("1", time(22), time(6), "2026-11-24T06:00", False),
        ("1", time(22), time(6), "2026-11-24T23:00", False),
        ("7", time(22), time(6), "2026-11-23T05:00", True),
        ("12345", time(9), time(17), "2026-11-22T12:00", False),
        ("1234567", time(0), time(0), "2026-11-22T12:00", True),
    ],
)
def test_a_show_is_on_by_day_and_hour_also_past_midnight(
    zone: Zone, days: str, begins: time, ends: time, at: str, dark: bool
) -> None:
    ShowTime.objects.create(zone=zone, days=days, begins=begins, ends=ends)
    keep_walls(datetime.fromisoformat(at).replace(tzinfo=UTC))
    assert Zone.objects.get().is_dark is dark


def test_hours_are_those_of_the_site(zone: Zone, settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Seoul"
    ShowTime.objects.create(zone=zone, begins=time(21), ends=time(22))
    keep_walls(MONDAY)
    assert Zone.objects.get().is_dark


def test_of_several_shows_the_one_that_began_last_is_on(zone: Zone) -> None:
    landscapes(8, "happy")
    calm = landscapes(8, "calm")
    show = playlist_of(zone, calm, is_fallback=False)
    ShowTime.objects.create(zone=zone, playlist=show, begins=time(11), ends=time(13))
    ShowTime.objects.create(zone=zone, begins=time(8), ends=time(20))
    keep_walls()
    assert hung(zone) == set(keys(calm))


def test_several_playlists_take_turns_by_the_hour(zone: Zone, clock: time_machine.Traveller) -> None:
    Zone.objects.update(turn_seconds=5)
    playlist_of(zone, landscapes(8, "calm"), "a")
    playlist_of(zone, landscapes(8, "happy"), "b")
    seen = set()
    for _ in range(2):
        for _ in range(9):
            now_and_then(clock, 5)
        seen.add(" ".join({key.split("/")[1] for key in hung(zone)}))
        clock.shift(3600 - 45)
    assert seen == {"calm", "happy"}


def test_a_wall_with_souvenir_codes_gets_new_ones_before_they_end(zone: Zone, clock: time_machine.Traveller) -> None:
    Zone.objects.update(shows_code=True)
    playlist_of(zone, landscapes(8))
    keep_walls()
    assert now_and_then(clock, 6 * 86_400) == 0
    assert now_and_then(clock, 2 * 86_400) == 1


def test_an_old_wall_of_the_api_gives_way_picture_by_picture(zone: Zone, clock: time_machine.Traveller) -> None:
    old = landscapes(8, "sad")
    assign(zone, {f"{n}h": image for n, image in enumerate(old, 1)}, source=Source.API)
    playlist_of(zone, landscapes(8, "happy"))
    keep_walls()
    assert hung(zone) == set(keys(old))
    for n in range(1, 9):
        age(zone, f"{n}h", minutes=20 - n)
    keep_walls()
    assert hung(zone) & set(keys(old)) == set(keys(old[1:]))


def test_a_picture_that_a_curator_removes_or_withdraws_is_replaced_at_once_also_if_it_was_sent(zone: Zone) -> None:
    images = landscapes(9)
    playlist_of(zone, images[:8])
    keep_walls()
    assign(zone, {"1h": images[8]}, source=Source.VISITOR)
    withdraw_images(images=[images[8].pk], by=None)
    assert hung(zone) == set(keys(images[:8]))
    landscapes(1)
    remove_images(images=[images[0].pk], by=None)
    assert images[0].key not in hung(zone)


def test_with_nothing_to_take_its_place_a_removed_picture_is_gone_all_the_same(zone: Zone) -> None:
    images = landscapes(1)
    keep_walls()
    remove_images(images=[images[0].pk], by=None)
    assert keys_on(zone) == {}
    assert WallChange.objects.get(version=2).slots == {f"{n}h": "" for n in range(1, 9)}


def test_it_asks_one_query_where_nothing_is_to_be_replaced(zone: Zone, django_assert_max_num_queries: Any) -> None:
    landscapes(9)
    keep_walls()
    with django_assert_max_num_queries(1):
        assert replace_removed() == 0
