"""The wall editor: what hangs in a zone, what a curator puts there, and taking it back."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from curation.models import BulkOperation, Garden, Release, ReleaseChange
from garden.models import Assignment, Image, Playlist, ShowTime, WallChange, Zone
from garden.models.wall import Source
from garden.walls.rotation import keep_walls
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
    assert 'href="/wall/hall/1/h?preview=1"' in page
    assert "a curator (ann)" in page


def test_chosen_pictures_take_slots_of_their_orientation(curator: Client, zone: Zone) -> None:
    wide, high = pictures(2), pictures(1, "portrait")
    page = change(curator, picture=[image.pk for image in (*wide, *high)])
    assert "Now shown: 1h, 2h, 1v" in page
    assert hanging(zone) == {"1h": wide[0].pk, "2h": wide[1].pk, "1v": high[0].pk}
    assert WallChange.objects.get().by == "ann"


def test_chosen_pictures_take_the_slot_that_is_chosen_and_those_after_it(curator: Client, zone: Zone) -> None:
    wide, high = pictures(3), pictures(1, "portrait")
    chosen = [image.pk for image in (wide[0], *high, *wide[1:])]
    assert "Now shown: 7h, 1v, 8h, 1h" in change(curator, picture=chosen, slot="7h")
    assert hanging(zone) == {"7h": wide[0].pk, "8h": wide[1].pk, "1h": wide[2].pk, "1v": high[0].pk}


def test_the_pair_of_a_picture_takes_a_slot_of_the_other_orientation(curator: Client, zone: Zone) -> None:
    (wide,) = pictures(1)
    assert "Slot 2v is portrait" in change(curator, picture=wide.pk, slot="2v")
    pair = ImageFactory.create(key=wide.key.replace("h.jpeg", "v.jpeg"))
    change(curator, picture=wide.pk, slot="2v")
    assert hanging(zone) == {"2v": pair.pk}


def test_what_cannot_be_done_is_said(curator: Client, zone: Zone) -> None:
    first, second = pictures(2)
    assert "Now shown: 5h" in change(curator, picture=first.pk, slot="5h")
    for form, sentence in (
        ({"picture": [image.pk for image in pictures(9)]}, "At most 8 landscape pictures"),
        ({"mode": "bright"}, "is not a valid ZoneMode"),
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

    def test_changes_are_undone_step_by_step_each_once(self, curator: Client, zone: Zone) -> None:
        first, second = pictures(2)
        change(curator, picture=first.pk, slot="1h")
        change(curator, picture=second.pk, slot="1h")
        for version, left in ((2, {"1h": first.pk}), (1, {})):
            assert f'name="undo" value="{version}"' in curator.get("/admin/curation/walls/hall/").content.decode()
            for _ in range(2):
                change(curator, undo=version)
            assert hanging(zone) == left
        assert 'name="undo"' not in curator.get("/admin/curation/walls/hall/").content.decode()

    def test_what_people_changed_later_stays_and_what_a_playlist_did_gives_way(
        self, curator: Client, zone: Zone
    ) -> None:
        first, second, third = pictures(3)
        change(curator, picture=[first.pk, second.pk])
        assign(zone, {"1h": third}, source=Source.VISITOR)
        assign(zone, {"2h": third}, source=Source.PLAYLIST)
        assert "Undone: 2h" in change(curator, undo="1")
        assert hanging(zone) == {"1h": third.pk}
        change(curator, picture=second.pk, slot="1h")
        assign(zone, {"1h": first}, source=Source.API)
        assert "changed since" in change(curator, undo="5")
        assert "no such change" in change(curator, undo="2")
        assert hanging(zone) == {"1h": first.pk}

    def test_a_picture_that_left_the_garden_does_not_come_back(self, curator: Client, zone: Zone) -> None:
        first, second = pictures(2)
        change(curator, picture=first.pk, slot="1h")
        change(curator, picture=second.pk, slot="1h")
        Image.objects.filter(pk=first.pk).update(state="shelved")
        assert "left the garden" in change(curator, undo="2")
        assert hanging(zone) == {"1h": second.pk}


class TestModes:
    def test_a_paused_wall_keeps_its_pictures_until_it_follows_the_schedule(self, curator: Client, zone: Zone) -> None:
        pictures(12)
        keep_walls()
        assert "Next" in curator.get("/admin/curation/walls/hall/").content.decode()
        assert "Paused" in change(curator, mode="paused")
        before, later = hanging(zone), timezone.now() + timedelta(minutes=5)
        ShowTime.objects.create(zone=zone, begins="00:00", ends="00:00")
        keep_walls(later)
        assert hanging(zone) == before
        assert not Zone.objects.get().is_dark
        change(curator, mode="schedule")
        assert Zone.objects.get().is_dark

    def test_a_dark_wall_shows_nothing_until_it_follows_the_schedule(self, curator: Client, zone: Zone) -> None:
        change(curator, mode="dark")
        assert curator.get(reverse("wall-manifest", args=["hall"])).json()["dark"] is True
        change(curator, mode="schedule")
        assert curator.get(reverse("wall-manifest", args=["hall"])).json()["dark"] is False
        assert 'name="undo"' not in curator.get("/admin/curation/walls/hall/").content.decode()


def test_show_times_are_added_and_deleted_in_place(client: Client, zone: Zone) -> None:
    operator = signed_in(client, "view_assignment", "add_showtime", "delete_showtime")
    path, sent = "/admin/curation/walls/hall/schedule/", {"days": "67", "begins": "14:00", "ends": "16:00"}
    wrong = operator.post(path, sent | {"days": "8"}, headers=HTMX).content.decode()
    assert "Each day at most once" in wrong
    assert "67 14:00–16:00" in operator.post(path, sent, headers=HTMX).content.decode()
    show = ShowTime.objects.get()
    for _ in range(2):
        assert "67 14:00" not in operator.post(f"{path}{show.pk}/", headers=HTMX).content.decode()
    operator.force_login(get_user_model().objects.create_user("bob", is_staff=True))
    assert operator.post(path, sent).status_code == operator.post(f"{path}{show.pk}/").status_code == 403


def test_a_new_screen_finds_the_zone_filled_in(curator: Client, zone: Zone, settings: Any) -> None:
    settings.PUBLIC_URL = "https://garden.example"
    Zone.objects.create(name="attic")
    page = curator.get("/admin/curation/walls/hall/").content.decode()
    assert 'href="/wall/?zone=hall"' in page
    assert "<svg" in page
    assert '<option value="hall" selected>' in curator.get("/wall/?zone=hall").content.decode()


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
        Release.objects.update(number=1, live_at=timezone.now(), added=1)
        assert f'href="?operation={operation}"' in curator.get("/admin/curation/walls/hall/").content.decode()
        original = ImageFactory.create(key="imgPool/calm/img_1_0h.jpeg", state="published")
        Image.objects.filter(pk=new.pk).update(published_from=original)
        brought = curator.get(f"/admin/curation/walls/hall/?images={original.pk},x").content.decode()
        assert f'value="{new.pk}" checked' in " ".join(brought.split())
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
