"""Zones, screens, playlists and the changes of walls in Django admin."""

from datetime import time
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from garden.models import Alarm, DeviceHealth, Display, Playlist, ShowTime, WallChange, Zone
from garden.models.wall import Source
from garden.walls.service import assign
from tests.garden.walls.walls import keys_on, landscapes

pytestmark = pytest.mark.django_db
INLINES = ("displays", "show_times")
SCREENS = "/admin/garden/display"


@pytest.fixture
def zone() -> Zone:
    zone = Zone.objects.create(name="zone1")
    assign(zone, {"1h": landscapes(1)[0]}, source=Source.API, by="till")
    return zone


@pytest.fixture
def operator(client: Client) -> Client:
    user = User.objects.create_user("olga", is_staff=True)
    user.groups.add(Group.objects.get(name="operator"))
    client.force_login(user)
    return client


def form(zone: Zone | None = None, **message: Any) -> dict[str, Any]:
    """What the page of a zone sends, with a row of each inline if it is said."""
    fields = ("name", "title", "turn_seconds", "rest_minutes", "audience_minutes", "audience_minimum")
    sent = {name: getattr(zone or Zone(name="zone1"), name) for name in fields}
    for inline in INLINES:
        row = message.pop(inline, None)
        sent |= {f"{inline}-TOTAL_FORMS": int(row is not None), f"{inline}-INITIAL_FORMS": 0}
        sent |= {f"{inline}-0-{name}": value for name, value in (row or {}).items()}
    return {**sent, **message}


def test_an_operator_makes_a_zone_with_its_screens(operator: Client) -> None:
    screen = {"number": 3, "orientation": "landscape", "name": "stairs", "is_active": "on"}
    assert operator.post("/admin/garden/zone/add/", form(displays=screen)).status_code == 302
    assert str(Display.objects.get(zone__name="zone1").slot) == "zone1/3h"


def test_what_walls_show_of_the_zone_itself_makes_a_new_version(operator: Client, zone: Zone) -> None:
    page = f"/admin/garden/zone/{zone.pk}/change/"
    operator.post(page, form(zone, title="Hall"))
    assert (Zone.objects.get().title, Zone.objects.get().version) == ("Hall", 2)
    operator.post(page, form(Zone.objects.get(), turn_seconds=30))
    assert (Zone.objects.get().turn_seconds, Zone.objects.get().version) == (30, 2)


def test_a_zone_shows_its_own_playlists_only(operator: Client, zone: Zone) -> None:
    other = Playlist.objects.create(zone=Zone.objects.create(name="zone2"), name="other")
    own = Playlist.objects.create(zone=zone, name="own")
    show = {"days": "12345", "begins": "18:00", "ends": "20:00"}
    page = f"/admin/garden/zone/{zone.pk}/change/"
    assert operator.post(page, form(zone, show_times={**show, "playlist": other.pk})).status_code == 200
    assert operator.post(page, form(zone, show_times={**show, "playlist": own.pk})).status_code == 302
    assert ShowTime.objects.get().begins == time(18)


@pytest.mark.parametrize("days", ["", "8", "11", "monday"])
def test_days_are_numbers_each_once(operator: Client, zone: Zone, days: str) -> None:
    show = {"days": days, "begins": "18:00", "ends": "20:00"}
    operator.post(f"/admin/garden/zone/{zone.pk}/change/", form(zone, show_times=show))
    assert not ShowTime.objects.exists()


@pytest.mark.parametrize("name", ["a/b", "", "ä"])
def test_a_name_that_cannot_be_part_of_an_address_is_refused(operator: Client, name: str) -> None:
    assert operator.post("/admin/garden/zone/add/", form(name=name)).status_code == 200
    assert not Zone.objects.exists()


def test_a_zone_is_deleted_with_its_screens_and_changes(operator: Client, zone: Zone) -> None:
    display = Display.objects.create(zone=zone, number=1, orientation="landscape")
    DeviceHealth.objects.create(display=display)
    assert operator.post(f"/admin/garden/zone/{zone.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Zone.objects.exists()
    assert not WallChange.objects.exists()


def test_a_playlist_is_chosen_picture_by_picture(operator: Client, zone: Zone) -> None:
    (image,) = landscapes(1)
    sent = {"zone": zone.pk, "name": "evening", "emotion": "", "favorite": "", "is_fallback": "on"}
    sent |= {"pictures-TOTAL_FORMS": 1, "pictures-INITIAL_FORMS": 0}
    sent |= {"pictures-0-place": 0, "pictures-0-image": image.pk}
    assert operator.post("/admin/garden/playlist/add/", sent).status_code == 302
    assert [picture.image for picture in Playlist.objects.get().pictures.all()] == [image]
    page = operator.get(f"/admin/garden/playlist/{Playlist.objects.get().pk}/change/").content.decode()
    assert image.key in page


@pytest.mark.parametrize("ledger", ["assignment", "wallchange"])
def test_changes_of_walls_are_read_and_never_edited(admin_client: Client, zone: Zone, ledger: str) -> None:
    pages = f"/admin/garden/{ledger}"
    assert admin_client.get(f"{pages}/", {"q": "zone1"}).context["cl"].result_count == 1
    row = zone.assignments.get().pk if ledger == "assignment" else zone.changes.get().pk
    assert admin_client.get(f"{pages}/{row}/change/").status_code == 200
    assert admin_client.post(f"{pages}/{row}/change/", {"source": "visitor"}).status_code == 403
    assert admin_client.get(f"{pages}/add/").status_code == 403
    assert admin_client.post(f"{pages}/{row}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(("group", "allowed"), [("viewer", False), ("curator", False), ("operator", True)])
def test_zones_are_arranged_by_operators(client: Client, zone: Zone, group: str, allowed: bool) -> None:
    user = User.objects.create_user("someone", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    client.post(f"/admin/garden/zone/{zone.pk}/change/", form(zone, title="Hall"))
    assert (Zone.objects.get().title == "Hall") is allowed
    assert client.get("/admin/garden/zone/").status_code == 200
    assert len(keys_on(zone)) == 1


def screen(zone: Zone, number: int = 1) -> Display:
    return Display.objects.create(zone=zone, number=number, orientation="landscape")


def test_the_list_of_screens_shows_how_each_is(operator: Client, zone: Zone) -> None:
    DeviceHealth.objects.create(display=screen(zone), problem="no picture")
    screen(zone, 2)
    assert operator.get(f"{SCREENS}/", {"q": "no pict"}).context["cl"].result_count == 1
    assert "no picture" in operator.get(f"{SCREENS}/").content.decode()


@pytest.mark.parametrize(("action", "active"), [("switch_on", True), ("switch_off", False)])
def test_screens_are_put_in_and_out_of_use_together(operator: Client, zone: Zone, action: str, active: bool) -> None:
    screens = [screen(zone, number) for number in (1, 2)]
    Display.objects.update(is_active=not active)
    operator.post(f"{SCREENS}/", {"action": action, "_selected_action": [row.pk for row in screens]})
    assert set(Display.objects.values_list("is_active", flat=True)) == {active}
    assert "is_active" in operator.get(f"{SCREENS}/{screens[0].pk}/history/").content.decode()


def test_a_screen_is_deleted_with_its_health_and_alarms(operator: Client, zone: Zone) -> None:
    display = screen(zone)
    DeviceHealth.objects.create(display=display)
    Alarm.objects.create(display=display, kind=Alarm.Kind.SILENT)
    assert operator.post(f"{SCREENS}/{display.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Display.objects.exists()


def test_a_spreadsheet_names_screens_by_zone_orientation_and_slot(operator: Client, zone: Zone) -> None:
    known = screen(zone, 3)
    assert imported(operator, "zone1,landscape,3,stairs,1", "zone1,portrait,1,door,0")
    known.refresh_from_db()
    assert known.name == "stairs"
    assert str(Display.objects.get(name="door").slot) == "zone1/1v"


@pytest.mark.parametrize("row", ["attic,landscape,3,stairs,1", "zone1,landscape,9,stairs,1", "zone1,round,3,stairs,1"])
def test_a_spreadsheet_with_a_screen_that_cannot_be_is_refused(operator: Client, zone: Zone, row: str) -> None:
    assert not imported(operator, row)
    assert not Display.objects.exists()


def imported(client: Client, *rows: str) -> bool:
    """Whether the preview was accepted, and then confirmed."""
    sheet = "\n".join(["zone,orientation,number,name,is_active", *rows])
    file = SimpleUploadedFile("displays.csv", sheet.encode(), "text/csv")
    preview = client.post(f"{SCREENS}/import/", {"import_file": file, "format": 0})
    if "confirm_form" not in preview.context:
        return False
    client.post(f"{SCREENS}/process_import/", preview.context["confirm_form"].initial)
    return True
