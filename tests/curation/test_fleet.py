"""The fleet page: the state of every device and its timeline, for those with the permission."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from curation.services.fleet import MOMENTS
from garden.fleet.alerts import deliver
from garden.fleet.rules import watch
from garden.models import Alarm, Assignment, DeviceHealth, Display, Image, Kiosk, Zone
from garden.ops.version import current_versions
from tests.curation.cast import member
from tests.support.factories import ImageFactory, KioskFactory
from tools.services.ports import free_port

pytestmark = pytest.mark.django_db
PAGE = "/admin/curation/fleet/"
PART = {"HX-Request": "true"}


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


def fleet(client: Client, query: str = "") -> dict[str, Any]:
    fleet: dict[str, Any] = client.get(PAGE + query, headers=PART).context["fleet"]
    return fleet


def states(client: Client, query: str = "") -> list[tuple[str, str]]:
    return [(device["slot"] or device["title"], device["state"]) for device in fleet(client, query)["devices"]]


def test_problems_come_first(operator: Client, hall: Zone) -> None:
    screen(hall, 1, **well())
    screen(hall, 2)
    screen(hall, 3, **well(problem="hot", problem_at=timezone.now()))
    screen(hall, 4, **well(heard_at=timezone.now() - timedelta(minutes=1)))
    Alarm.objects.create(display=screen(hall, 5, **well()), kind="behind")
    Kiosk.objects.create(name="Door", is_active=False)
    problems = [("5h", "alarm"), ("3h", "trouble"), ("4h", "trouble")]
    assert states(operator) == [*problems, ("1h", "well"), ("2h", "unseen"), ("Door", "off")]
    assert states(operator, "?problems=1&zone=zone1") == problems
    assert states(operator, "?zone=zone2") == []
    shown = fleet(operator, "?zone=zone2")
    assert (shown["well"], shown["watched"], shown["plans"]) == (1, 4, [])
    assert {state.value: count for state, count in shown["counts"]} == {"alarm": 1, "trouble": 2, "unseen": 1, "off": 1}


def test_it_shows_what_each_device_reported_last(operator: Client, hall: Zone) -> None:
    picture: Image = ImageFactory.create(key="emotions/calm/img_1h.jpeg")
    screen(hall, 3, **well(on_screen=picture.key, screen="3840x2160", version="old"))
    page = operator.get(PAGE).content.decode()
    for text in ("zone1/3h", "Entrance hall", "On screen: calm", "3840 × 2160 px", "version old: outdated"):
        assert text in page
    assert page.count('/media/emotions/calm/img_1h.jpeg"') == 1
    assert 'href="/wall/zone1/3/h"' in page


def test_a_plan_shows_what_hangs_in_each_slot(operator: Client, hall: Zone) -> None:
    picture = ImageFactory.create(key="emotions/sad/img_1v.jpeg")
    Assignment.objects.create(zone=hall, number=2, orientation="portrait", image=picture, source="curator")
    (plan,) = fleet(operator)["plans"]
    slots = [slot for _side, slots in plan["sides"] for slot in slots]
    assert [slot["name"] for slot in slots] == [f"{n}{side}" for side in "hv" for n in range(1, 9)]
    assert [slot["name"] for slot in slots if slot["thumb"]] == ["2v"]


def test_many_devices_need_no_more_queries_than_one(
    operator: Client, django_assert_max_num_queries: Callable[[int], CaptureQueriesContext]
) -> None:
    count = 12
    for number in range(count):
        zone = Zone.objects.create(name=f"hall{number}")
        key = ImageFactory.create(key=f"emotions/calm/img_{number}h.jpeg").key
        Alarm.objects.create(display=screen(zone, 1, **well(on_screen=key)), kind="problem")
        DeviceHealth.objects.create(kiosk=KioskFactory.create(zone=zone))
    with django_assert_max_num_queries(16):
        assert len(fleet(operator)["devices"]) == 2 * count


def test_it_shows_when_the_watch_stopped_and_when_an_alert_failed(operator: Client, hall: Zone, settings: Any) -> None:
    settings.ALERT_WEBHOOK_URL = f"http://127.0.0.1:{free_port()}/"
    Alarm.objects.create(display=screen(hall, **well()), kind="problem")
    shown = fleet(operator)
    assert (shown["watching"], shown["untold"]) == (False, "")
    DeviceHealth.objects.update(problem="hot")
    watch()
    deliver()
    shown = fleet(operator)
    assert (shown["watching"], shown["untold"]) == (True, "the receiver cannot be reached (ConnectionError)")
    DeviceHealth.objects.update(checked_at=timezone.now() - timedelta(minutes=3))
    assert not fleet(operator)["watching"]


def silence(client: Client, device: str, hours: object) -> Any:
    return client.post(f"{PAGE}{device}/mute/", {"hours": hours}, headers=PART)


def test_an_operator_silences_a_device_and_ends_it(operator: Client, hall: Zone) -> None:
    display = screen(hall, 1, **well())
    Alarm.objects.create(display=display, kind="behind", notified={"email": "", "webhook": "raised"})
    (device,) = silence(operator, f"display/{display.pk}", 8).context["fleet"]["devices"]
    assert (device["state"], device["health"].quiet_by) == ("alarm", "operator")
    assert device["quiet_until"]
    assert Alarm.objects.get().notified == {"webhook": "raised"}
    assert silence(operator, f"display/{display.pk}", 0).context["fleet"]["devices"][0]["quiet_until"] is None


@pytest.mark.parametrize(
    ("device", "hours", "status"),
    [("display/99", 1, 404), ("zone/1", 1, 404), ("display/1", 1_000, 400), ("display/1", "x", 400)],
)
def test_only_a_known_device_is_silenced_and_not_for_ever(
    operator: Client, device: str, hours: object, status: int
) -> None:
    assert silence(operator, device, hours).status_code == status


def test_a_viewer_looks_and_changes_nothing(client: Client, hall: Zone) -> None:
    display = screen(hall, 1, **well())
    client.force_login(member("viewer"))
    page = client.get(PAGE)
    assert page.status_code == client.get(f"{PAGE}display/{display.pk}/").status_code == 200
    assert b"No alarms for a while" not in page.content
    assert b"Send a test alarm" not in page.content
    assert silence(client, f"display/{display.pk}", 1).status_code == 403
    assert client.post(f"{PAGE}test/").status_code == 403


def test_who_is_signed_out_is_sent_to_sign_in_and_a_part_of_the_page_is_refused(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    assert client.get(PAGE, headers=PART).status_code == 401


def test_a_device_has_a_page_with_its_alarms(operator: Client, hall: Zone) -> None:
    display, other = screen(hall, 1, **well()), screen(hall, 2)
    now = timezone.now()
    Alarm.objects.create(display=display, kind="silent", raised_at=now - timedelta(days=2), cleared_at=now)
    Alarm.objects.create(display=display, kind="problem", detail="storage is full")
    Alarm.objects.create(display=other, kind="behind")
    response = operator.get(f"{PAGE}display/{display.pk}/")
    assert [alarm.kind for alarm in response.context["part"].rows] == ["problem", "silent"]
    assert "storage is full" in response.content.decode()
    assert "2 days ago" in response.content.decode()
    assert operator.get(f"{PAGE}kiosk/{display.pk}/").status_code == 404


def test_a_test_alarm_says_what_became_of_it_on_each_channel(operator: Client, settings: Any) -> None:
    def outcome() -> list[str]:
        page = operator.post(f"{PAGE}test/", follow=True)
        return [str(message) for message in page.context["messages"]]

    assert outcome() == ["No channel is configured: set ALERT_WEBHOOK_URL or ALERT_EMAILS."]
    settings.ALERT_EMAILS = ["ann@museum.example"]
    settings.ALERT_WEBHOOK_URL = f"http://127.0.0.1:{free_port()}/"
    assert outcome() == [
        "webhook: the test failed: the receiver cannot be reached (ConnectionError)",
        "email: the test was accepted.",
    ]
    assert mail.outbox[0].body.startswith("Test alarm, sent by operator.")


def test_the_page_has_nothing_inline(operator: Client, hall: Zone) -> None:
    screen(hall, 1, **well())
    page = operator.get(PAGE).content.decode()
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
    assert moments <= set(MOMENTS)


def test_the_current_version_is_not_old(operator: Client, hall: Zone) -> None:
    screen(hall, 1, **well())
    DeviceHealth.objects.create(kiosk=KioskFactory.create(), version=current_versions()["kiosk"])
    assert [device["is_old"] for device in fleet(operator)["devices"]] == [False, False]
