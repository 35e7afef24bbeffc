"""The wall editor: what hangs in a zone, what a curator puts there, and taking it back."""

import uuid
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from curation.models import BulkOperation, Garden, Release, ReleaseChange
from garden.models import Assignment, Image, Playlist, ShowTime, WallChange, Zone
from garden.models.wall import Source
from garden.walls.service import assign, send
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def zone() -> Zone:
    return Zone.objects.create(name="hall", title="Entrance hall")


def signed_in(client: Client, *permissions: str) -> Client:
    user = get_user_model().objects.create_user("ann", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


@pytest.fixture
def curator(client: Client) -> Client:
    return signed_in(client, "view_assignment", "change_assignment", "view_review")


def pictures(count: int, orientation: str = "landscape", emotion: str = "calm") -> list[Image]:
    letter = "v" if orientation == "portrait" else "h"
    keys = (f"emotions/{emotion}/img_{uuid.uuid4().hex}_0{letter}.jpeg" for _ in range(count))
    return [ImageFactory.create(key=key) for key in keys]


def hanging(zone: Zone) -> dict[str, int]:
    rows = zone.assignments.order_by("orientation", "number")
    return {f"{row.number}{'v' if row.orientation == 'portrait' else 'h'}": row.image_id for row in rows}


def change(client: Client, **form: Any) -> str:
    return client.post("/admin/curation/walls/hall/", form, headers=HTMX).content.decode()


def test_the_only_zone_opens_at_once_and_of_several_one_is_chosen(curator: Client, zone: Zone) -> None:
    assert curator.get("/admin/curation/walls/?operation=1")["Location"] == "/admin/curation/walls/hall/?operation=1"
    Zone.objects.create(name="cafe")
    page = curator.get("/admin/curation/walls/?operation=1").content.decode()
    assert 'href="/admin/curation/walls/cafe/?operation=1"' in page


def test_it_shows_what_hangs_what_plays_next_and_when(curator: Client, zone: Zone) -> None:
    shown, waiting = pictures(2)
    send(zone, [shown], source=Source.CURATOR, by="ann")
    ShowTime.objects.create(
        zone=zone, playlist=Playlist.objects.create(zone=zone, name="Calm"), begins="09:00", ends="10:00"
    )
    page = curator.get("/admin/curation/walls/hall/").content.decode()
    assert page.count(f"{shown.key}") > 0
    assert "09:00–10:00" in page
    assert f'value="{waiting.pk}"' in page
    assert 'href="/wall/hall/1/h"' in page


def test_chosen_pictures_take_slots_of_their_orientation(curator: Client, zone: Zone) -> None:
    wide, high = pictures(2), pictures(1, "portrait")
    page = change(curator, picture=[image.pk for image in (*wide, *high)])
    assert "Now shown: 1h, 2h, 1v" in page
    assert hanging(zone) == {"1h": wide[0].pk, "2h": wide[1].pk, "1v": high[0].pk}
    assert WallChange.objects.get().by == "ann"


def test_one_picture_takes_the_slot_that_is_chosen(curator: Client, zone: Zone) -> None:
    first, second = pictures(2)
    assert "Now shown: 5h" in change(curator, picture=first.pk, slot="5h")
    for form, sentence in (
        ({"picture": [first.pk, second.pk], "slot": "5h"}, "choose one"),
        ({"picture": second.pk, "slot": "5v"}, "other orientation"),
        ({"picture": second.pk, "slot": "9h"}, "is not a slot"),
        ({"slot": "5h"}, "Choose pictures first"),
        ({"picture": ImageFactory.create(key="imgPool/calm/img_1_0h.jpeg").pk}, "Choose pictures first"),
        ({"clear": "x"}, "is not a slot"),
    ):
        assert sentence in change(curator, **form), form
    assert hanging(zone) == {"5h": first.pk}


class TestUndo:
    def test_it_shows_again_what_was_there(self, curator: Client, zone: Zone) -> None:
        first, second = pictures(2)
        change(curator, picture=first.pk, slot="1h")
        change(curator, picture=second.pk, slot="1h")
        assert "Undone: 1h" in change(curator, undo="2")
        assert hanging(zone) == {"1h": first.pk}
        change(curator, clear="1h")
        assert hanging(zone) == {}
        change(curator, undo="4")
        assert hanging(zone) == {"1h": first.pk}

    def test_a_slot_that_was_empty_becomes_empty(self, curator: Client, zone: Zone) -> None:
        change(curator, picture=pictures(1)[0].pk, slot="1h")
        change(curator, undo="1")
        assert hanging(zone) == {}

    def test_later_changes_stay(self, curator: Client, zone: Zone) -> None:
        first, second, third = pictures(3)
        change(curator, picture=[first.pk, second.pk])
        assign(zone, {"1h": third}, source=Source.PLAYLIST)
        assert "Undone: 2h" in change(curator, undo="1")
        assert hanging(zone) == {"1h": third.pk}
        assert "cannot be undone" in change(curator, undo="1")
        assert "cannot be undone" in change(curator, undo="2")

    def test_a_picture_that_left_the_garden_does_not_come_back(self, curator: Client, zone: Zone) -> None:
        first, second = pictures(2)
        change(curator, picture=first.pk, slot="1h")
        change(curator, picture=second.pk, slot="1h")
        Image.objects.filter(pk=first.pk).update(state="shelved")
        change(curator, undo="2")
        assert hanging(zone) == {}


class TestTray:
    def test_it_has_pictures_of_an_emotion_in_pages(self, curator: Client, zone: Zone) -> None:
        calm = pictures(50, emotion="calm")
        pictures(1, emotion="sad")
        page = curator.get("/admin/curation/walls/hall/tray/?emotion=calm").content.decode()
        assert page.count('name="picture"') == 48
        more = curator.get(f"/admin/curation/walls/hall/tray/?emotion=calm&before={calm[2].pk}").content.decode()
        assert more.count('name="picture"') == 2

    def test_it_has_what_an_operation_published_chosen_already(self, curator: Client, zone: Zone) -> None:
        new, _other = pictures(2, emotion="calm")
        operation = published(new)
        page = curator.get(f"/admin/curation/walls/hall/?operation={operation}").content.decode()
        assert page.count('name="picture"') == 1
        assert f'value="{new.pk}"' in page
        assert "checked" in page
        none = curator.get("/admin/curation/walls/hall/?operation=nothing").content.decode()
        assert "No picture is published yet" in none


def published(*images: Image) -> uuid.UUID:
    operation = BulkOperation.objects.create(kind="publish", selection={})
    garden, _made = Garden.objects.get_or_create(emotion="calm")
    release = Release.objects.create(garden=garden, operation=operation)
    for image in images:
        ReleaseChange.objects.create(release=release, image=image, key=image.key, change="add")
    return operation.pk


class TestPublishAndShow:
    def test_the_newest_of_an_operation_are_shown_as_many_as_there_are_slots(self, curator: Client, zone: Zone) -> None:
        wide, high = pictures(10, emotion="calm"), pictures(1, "portrait", emotion="calm")
        sent = {"operation": str(published(*wide, *high))}
        answer = curator.post("/curation/walls/hall", sent, content_type="application/json")
        assert answer.status_code == 200
        assert len(answer.json()["slots"]) == 9
        assert set(hanging(zone).values()) == {image.pk for image in (*wide[2:], *high)}

    def test_an_operation_that_published_nothing_is_refused(self, curator: Client, zone: Zone) -> None:
        for sent, status in (
            ({"operation": str(uuid.uuid4())}, 400),
            ({}, 400),
            ({"operation": "x", "keys": ["a"]}, 400),
        ):
            answer = curator.post("/curation/walls/hall", sent, content_type="application/json")
            assert answer.status_code == status, sent
        assert zone.version == Zone.objects.get().version == 0


def test_who_may_only_look_changes_nothing(client: Client, zone: Zone) -> None:
    viewer = signed_in(client, "view_assignment")
    page = viewer.get("/admin/curation/walls/hall/").content.decode()
    assert 'name="slot"' not in page
    assert 'name="picture"' not in page
    assert viewer.post("/admin/curation/walls/hall/", {"picture": pictures(1)[0].pk}).status_code == 403
    assert not Assignment.objects.exists()


def test_a_zone_that_is_not_there_is_not_found(curator: Client) -> None:
    assert curator.get("/admin/curation/walls/none/").status_code == 404
