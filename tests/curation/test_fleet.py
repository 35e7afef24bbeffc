"""The fleet page and its API: the state of every device, for those with the permission."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from curation.pages.fleet import WORDS
from garden.fleet.alerts import deliver
from garden.fleet.rules import watch
from garden.models import Alarm, Assignment, DeviceHealth, Display, Image, Kiosk, Zone
from garden.ops.version import current_versions
from tests.curation.cast import member
from tests.support.factories import ImageFactory, KioskFactory
from tools.services.ports import free_port

pytestmark = pytest.mark.django_db
PAGE = "/admin/curation/fleet/"
NEWS = "/curation/fleet"


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(member("operator"))
    return client


@pytest.fixture
def hall() -> Zone:
    return Zone.objects.create(name="zone1", title="Entrance hall")


def screen(zone: Zone, number: int = 1, **health: Any) -> Display:
    display = Display.objects.create(zone=zone, number=number, orientation="landscape")
    if health:
        DeviceHealth.objects.create(display=display, **health)
    return display


def well(**more: Any) -> dict[str, Any]:
    return {"heard_at": timezone.now(), "version": current_versions()["display"], **more}


def states(client: Client) -> list[tuple[str, str]]:
    return [(device["slot"] or device["name"], device["state"]) for device in client.get(NEWS).json()["devices"]]


def test_problems_come_first(operator: Client, hall: Zone) -> None:
    screen(hall, 1, **well())
    screen(hall, 2)
    screen(hall, 3, **well(problem="hot", problem_at=timezone.now()))
    screen(hall, 4, **well(heard_at=timezone.now() - timedelta(minutes=1)))
    Alarm.objects.create(display=screen(hall, 5, **well()), kind="behind")
    Kiosk.objects.create(name="Door", is_active=False)
    found = states(operator)
    assert found == [
        ("5h", "alarm"),
        ("3h", "trouble"),
        ("4h", "trouble"),
        ("1h", "well"),
        ("2h", "unseen"),
        ("Door", "off"),
    ]
    counts = operator.get(NEWS).json()["counts"]
    assert counts == {"alarm": 1, "trouble": 2, "well": 1, "unseen": 1, "off": 1, "watched": 4}


def test_it_shows_what_each_device_reported_last(operator: Client, hall: Zone) -> None:
    picture: Image = ImageFactory.create(key="emotions/calm/img_1h.jpeg")
    display = screen(hall, 3, **well(on_screen=picture.key, screen="3840x2160", version="old"))
    (reported,) = operator.get(NEWS).json()["devices"]
    assert reported["id"] == f"display-{display.pk}"
    assert (reported["slot"], reported["zone"], reported["place"]) == ("3h", "zone1", "Entrance hall")
    assert (reported["on_screen"], reported["screen"], reported["old"]) == (picture.key, "3840 × 2160", True)
    assert reported["thumb"].endswith("/media/emotions/calm/img_1h.jpeg")
    assert reported["wall"] == "/wall/zone1/3/h"


def test_a_plan_shows_what_hangs_in_each_slot(operator: Client, hall: Zone) -> None:
    picture = ImageFactory.create(key="emotions/sad/img_1v.jpeg")
    Assignment.objects.create(zone=hall, number=2, orientation="portrait", image=picture, source="curator")
    (plan,) = operator.get(NEWS).json()["zones"]
    assert [slot["name"] for slot in plan["slots"]] == [f"{n}{side}" for side in "hv" for n in range(1, 9)]
    assert [slot["name"] for slot in plan["slots"] if slot["key"]] == ["2v"]


def test_nothing_new_is_not_sent_again(operator: Client, hall: Zone) -> None:
    screen(hall, 1, **well())
    etag = operator.get(NEWS)["ETag"]
    again = operator.get(NEWS, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    DeviceHealth.objects.update(problem="hot")
    assert operator.get(NEWS, headers={"If-None-Match": etag}).status_code == 200


def test_many_devices_need_no_more_queries_than_one(
    operator: Client, django_assert_max_num_queries: Callable[[int], CaptureQueriesContext]
) -> None:
    count = 12
    for number in range(count):
        zone = Zone.objects.create(name=f"hall{number}")
        key = ImageFactory.create(key=f"emotions/calm/img_{number}h.jpeg").key
        Alarm.objects.create(display=screen(zone, 1, **well(on_screen=key)), kind="problem")
        DeviceHealth.objects.create(kiosk=KioskFactory.create(zone=zone))
    with django_assert_max_num_queries(14):
        assert len(operator.get(NEWS).json()["devices"]) == 2 * count


def test_it_shows_when_the_watch_stopped_and_when_an_alert_failed(operator: Client, hall: Zone, settings: Any) -> None:
    settings.ALERT_WEBHOOK_URL = f"http://127.0.0.1:{free_port()}/"
    Alarm.objects.create(display=screen(hall, **well()), kind="problem")
    fleet = operator.get(NEWS).json()
    assert (fleet["watching"], fleet["untold"]) == (False, "")
    DeviceHealth.objects.update(problem="hot")
    watch()
    deliver()
    fleet = operator.get(NEWS).json()
    assert (fleet["watching"], fleet["untold"]) == (True, "the receiver cannot be reached (ConnectionError)")
    DeviceHealth.objects.update(checked_at=timezone.now() - timedelta(minutes=3))
    assert not operator.get(NEWS).json()["watching"]


def silence(client: Client, device: str, hours: int) -> Any:
    return client.post(f"{NEWS}/quiet", {"device": device, "hours": hours}, content_type="application/json")


def test_an_operator_silences_a_device_and_ends_it(operator: Client, hall: Zone) -> None:
    display = screen(hall, 1, **well())
    Alarm.objects.create(display=display, kind="behind", notified={"email": "", "webhook": "raised"})
    (reported,) = silence(operator, f"display-{display.pk}", 8).json()["devices"]
    assert (reported["state"], reported["quiet_by"]) == ("alarm", "operator")
    assert reported["quiet_until"]
    assert Alarm.objects.get().notified == {"webhook": "raised"}
    assert silence(operator, f"display-{display.pk}", 0).json()["devices"][0]["quiet_until"] is None


@pytest.mark.parametrize(
    ("device", "hours", "status"), [("display-99", 1, 404), ("zone-1", 1, 400), ("display-1", 1_000, 400)]
)
def test_only_a_known_device_is_silenced_and_not_for_ever(
    operator: Client, device: str, hours: int, status: int
) -> None:
    assert silence(operator, device, hours).status_code == status


def test_a_viewer_looks_and_silences_nothing(client: Client, hall: Zone) -> None:
    display = screen(hall, 1, **well())
    client.force_login(member("viewer"))
    assert client.get(PAGE).status_code == client.get(NEWS).status_code == 200
    assert silence(client, f"display-{display.pk}", 1).status_code == 403


def test_the_page_brings_its_first_news_and_has_nothing_inline(operator: Client, hall: Zone) -> None:
    screen(hall, 1, **well())
    page = operator.get(PAGE).content.decode()
    assert "Entrance hall" in page
    assert not re.search(r"<style|\sstyle=|\son\w+=\"", page)
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)


def test_the_admins_first_page_leads_here(operator: Client) -> None:
    assert f'href="{PAGE}"' in operator.get("/admin/").content.decode()


def test_every_moment_of_the_kiosk_has_words() -> None:
    templates = (Path(settings.BASE_DIR) / "templates" / "kiosk" / "moments").glob("*.html")
    moments = {
        moment for page in templates for moment in re.findall(r'data-moment="(\w+)"', page.read_text(encoding="utf-8"))
    }
    assert len(moments) > 8
    assert {f"moment_{moment}" for moment in moments} <= set(WORDS)


def test_the_current_version_is_not_old(operator: Client, hall: Zone) -> None:
    screen(hall, 1, **well())
    DeviceHealth.objects.create(kiosk=KioskFactory.create(), version=current_versions()["kiosk"])
    assert [device["old"] for device in operator.get(NEWS).json()["devices"]] == [False, False]
