"""All screens of all zones in one list of the admin, and as a spreadsheet."""

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from garden.models import Alarm, DeviceHealth, Display, Zone

pytestmark = pytest.mark.django_db
PAGES = "/admin/garden/display"


@pytest.fixture
def zone() -> Zone:
    return Zone.objects.create(name="hall")


@pytest.fixture
def operator(client: Client) -> Client:
    user = User.objects.create_user("olga", is_staff=True)
    user.groups.add(Group.objects.get(name="operator"))
    client.force_login(user)
    return client


def screen(zone: Zone, number: int = 1) -> Display:
    return Display.objects.create(zone=zone, number=number, orientation="landscape")


def test_it_tells_how_each_screen_is(operator: Client, zone: Zone) -> None:
    DeviceHealth.objects.create(display=screen(zone), problem="no picture")
    screen(zone, 2)
    assert operator.get(f"{PAGES}/", {"q": "no pict"}).context["cl"].result_count == 1
    assert "no picture" in operator.get(f"{PAGES}/").content.decode()


@pytest.mark.parametrize(("action", "active"), [("switch_on", True), ("switch_off", False)])
def test_screens_are_put_in_and_out_of_use_together(operator: Client, zone: Zone, action: str, active: bool) -> None:
    screens = [screen(zone, number) for number in (1, 2)]
    Display.objects.update(is_active=not active)
    operator.post(f"{PAGES}/", {"action": action, "_selected_action": [row.pk for row in screens]})
    assert set(Display.objects.values_list("is_active", flat=True)) == {active}
    assert "is_active" in operator.get(f"{PAGES}/{screens[0].pk}/history/").content.decode()


def test_a_screen_goes_with_what_it_said_and_what_was_alarming(operator: Client, zone: Zone) -> None:
    display = screen(zone)
    DeviceHealth.objects.create(display=display)
    Alarm.objects.create(display=display, kind=Alarm.Kind.SILENT)
    assert operator.post(f"{PAGES}/{display.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Display.objects.exists()


def test_a_spreadsheet_names_screens_by_zone_orientation_and_slot(operator: Client, zone: Zone) -> None:
    known = screen(zone, 3)
    assert imported(operator, "hall,landscape,3,stairs,1", "hall,portrait,1,door,0")
    known.refresh_from_db()
    assert known.name == "stairs"
    assert str(Display.objects.get(name="door").slot) == "hall/1v"


@pytest.mark.parametrize("row", ["attic,landscape,3,stairs,1", "hall,landscape,9,stairs,1", "hall,round,3,stairs,1"])
def test_a_spreadsheet_with_a_screen_that_cannot_be_is_refused(operator: Client, zone: Zone, row: str) -> None:
    assert not imported(operator, row)
    assert not Display.objects.exists()


def imported(client: Client, *rows: str) -> bool:
    """Whether the preview was accepted, and then confirmed."""
    sheet = "\n".join(["zone,orientation,number,name,is_active", *rows])
    file = SimpleUploadedFile("displays.csv", sheet.encode(), "text/csv")
    preview = client.post(f"{PAGES}/import/", {"import_file": file, "format": 0})
    if "confirm_form" not in preview.context:
        return False
    client.post(f"{PAGES}/process_import/", preview.context["confirm_form"].initial)
    return True
