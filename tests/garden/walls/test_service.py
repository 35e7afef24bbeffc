"""What hangs where: all or nothing, one version a change."""

import pytest

from garden.models import Assignment, Display, Image, WallChange, Zone
from garden.models.wall import Source
from garden.walls.service import UnknownPictureError, UnknownZoneError, assign, send, zone_for
from garden.walls.slots import TooManyPicturesError
from tests.garden.walls.walls import age, keys_on, landscapes, portraits
from tests.support.factories import ImageFactory, KioskFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return Zone.objects.create(name="zone1")


def test_it_hangs_every_picture_in_its_slot_leaves_the_others_and_writes_who_hung_what(zone: Zone) -> None:
    wide, tall, (new,) = landscapes(2), portraits(1), landscapes(1)
    version = assign(zone, {"1h": wide[0], "8h": wide[1], "3v": tall[0]}, source=Source.API, by="till")
    assert (version, zone.version, Zone.objects.get().version) == (1, 1, 1)
    assign(zone, {"8h": new}, source=Source.CURATOR, by="cora")
    assert keys_on(zone) == {"1h": wide[0].key, "8h": new.key, "3v": tall[0].key}
    assert Assignment.objects.count() == 3
    change = WallChange.objects.get(version=2)
    assert (change.source, change.by, change.slots) == ("curator", "cora", {"8h": new.key})


@pytest.mark.parametrize("state", [Image.State.TRASH, Image.State.SHELVED])
def test_it_hangs_nothing_when_one_picture_is_not_in_the_garden(zone: Zone, state: str) -> None:
    (here,) = landscapes(1)
    gone = ImageFactory.create(state=state)
    with pytest.raises(UnknownPictureError) as refused:
        assign(zone, {"1h": here, "2h": gone}, source=Source.API)
    assert refused.value.extra == {"key": gone.key}
    assert (keys_on(zone), Zone.objects.get().version, WallChange.objects.count()) == ({}, 0, 0)


def test_it_says_that_a_zone_is_gone(zone: Zone) -> None:
    Zone.objects.all().delete()
    with pytest.raises(UnknownZoneError):
        assign(zone, {}, source=Source.API)


def test_who_saves_a_zone_read_before_a_change_turns_no_version_back(zone: Zone) -> None:
    old = Zone.objects.get()
    assign(zone, {"1h": landscapes(1)[0]}, source=Source.API)
    old.title = "Hall"
    old.save()
    assert (Zone.objects.get().version, Zone.objects.get().title) == (1, "Hall")


def test_it_sends_to_empty_slots_first_each_by_its_orientation(zone: Zone) -> None:
    wide, tall = landscapes(2), portraits(1)
    assert send(zone, [wide[0], tall[0], wide[1]], source=Source.VISITOR, by="Kiosk 1") == ["1h", "1v", "2h"]
    assert keys_on(zone) == {"1h": wide[0].key, "2h": wide[1].key, "1v": tall[0].key}


def test_it_sends_to_where_a_picture_has_hung_longest(zone: Zone) -> None:
    hung = landscapes(8)
    assign(zone, {f"{n}h": image for n, image in enumerate(hung, 1)}, source=Source.PLAYLIST)
    age(zone, "5h", minutes=3)
    age(zone, "2h", minutes=2)
    assert send(zone, landscapes(2), source=Source.VISITOR) == ["5h", "2h"]


def test_where_all_screens_are_wide_a_tall_picture_hangs_as_its_wide_twin(zone: Zone) -> None:
    wide, tall = (ImageFactory.create(key=f"emotions/calm/img_20230319-131015_4{side}.jpeg") for side in "hv")
    alone = ImageFactory.create(key="emotions/calm/alone_0v.jpeg")
    Display.objects.create(zone=zone, number=2, orientation="landscape")
    assert send(zone, [tall, alone], source=Source.VISITOR) == ["2h", "1v"]
    assert keys_on(zone) == {"2h": wide.key, "1v": alone.key}


@pytest.mark.parametrize("ways", [[], ["landscape", "portrait"]])
def test_with_screens_of_both_ways_or_of_none_it_hangs_what_was_sent(zone: Zone, ways: list[str]) -> None:
    _, tall = (ImageFactory.create(key=f"emotions/calm/img_20230319-131015_4{side}.jpeg") for side in "hv")
    for way in ways:
        Display.objects.create(zone=zone, number=1, orientation=way)
    assert send(zone, [tall], source=Source.VISITOR) == ["1v"]
    assert keys_on(zone) == {"1v": tall.key}


def test_what_was_sent_lately_gives_way_last_and_what_was_sent_long_ago_as_any_other(zone: Zone) -> None:
    hung = landscapes(8)
    assign(zone, {f"{n}h": image for n, image in enumerate(hung[:7], 1)}, source=Source.VISITOR)
    assign(zone, {"8h": hung[7]}, source=Source.PLAYLIST)
    age(zone, "3h", minutes=5)
    assert send(zone, landscapes(1), source=Source.VISITOR) == ["8h"]
    assert send(zone, landscapes(1), source=Source.VISITOR) == ["3h"]
    assign(zone, {"1h": hung[0]}, source=Source.PLAYLIST)
    age(zone, "5h", minutes=11)
    assert send(zone, landscapes(1), source=Source.VISITOR) == ["5h"]


def test_a_picture_that_hangs_already_stays_in_its_slot(zone: Zone) -> None:
    first, second = landscapes(2)
    send(zone, [first, second], source=Source.VISITOR)
    assert send(zone, [second, second], source=Source.VISITOR) == ["2h", "2h"]
    assert keys_on(zone) == {"1h": first.key, "2h": second.key}


def test_where_screens_are_known_pictures_are_sent_to_them_alone(zone: Zone) -> None:
    Display.objects.create(zone=zone, number=4, orientation="landscape")
    Display.objects.create(zone=zone, number=6, orientation="landscape", is_active=False)
    assert send(zone, landscapes(1), source=Source.VISITOR) == ["4h"]
    assert send(zone, landscapes(1), source=Source.VISITOR) == ["4h"]
    assert send(zone, portraits(1), source=Source.VISITOR) == ["1v"]
    assert send(zone, landscapes(2), source=Source.CURATOR) == ["4h", "1h"]


def test_more_pictures_of_an_orientation_than_slots_are_refused(zone: Zone) -> None:
    with pytest.raises(TooManyPicturesError):
        send(zone, [*landscapes(9), *portraits(1)], source=Source.CURATOR)
    assert keys_on(zone) == {}


def test_a_kiosk_sends_to_its_own_zone_and_without_a_kiosk_the_first_zone_is_meant(zone: Zone) -> None:
    Zone.objects.create(name="zone2")
    assert (zone_for(KioskFactory.create(zone=zone)), zone_for(KioskFactory.create()), zone_for(None)) == (
        *(zone, None, zone),
    )
    Zone.objects.all().delete()
    assert zone_for(None) is None
