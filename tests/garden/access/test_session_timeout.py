"""A staff session ends by itself: so long after signing in, so long after the last thing a person did."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from garden.models import KioskKey
from tests.garden.access.people import sign_in, staff_member
from tests.support.factories import KioskFactory

pytestmark = pytest.mark.django_db
PAGE = "/admin/"


@pytest.fixture(autouse=True)
def _half_an_hour(settings: Any) -> None:
    settings.STAFF_IDLE_MINUTES, settings.STAFF_SESSION_HOURS = 30, 12
    staff_member("ann")


def test_a_session_ends_half_an_hour_after_the_last_request(client: Client) -> None:
    sign_in(client)
    begin = timezone.now()
    for minutes in (20, 40, 60):
        with time_machine.travel(begin + timedelta(minutes=minutes), tick=False):
            assert client.get(PAGE).status_code == 200
    with time_machine.travel(begin + timedelta(minutes=91), tick=False):
        assert client.get(PAGE).status_code == 302
    assert "_auth_user_id" not in client.session


def test_pages_that_ask_for_news_keep_nobody_signed_in(client: Client) -> None:
    sign_in(client)
    begin = timezone.now()
    for minutes in (20, 29):
        with time_machine.travel(begin + timedelta(minutes=minutes), tick=False):
            assert client.get("/curation/counts", headers={"sec-fetch-mode": "cors"}).status_code == 200
    with time_machine.travel(begin + timedelta(minutes=31), tick=False):
        assert client.get("/curation/counts", headers={"sec-fetch-mode": "cors"}).status_code == 401


def test_everybody_signs_in_anew_after_half_a_day(client: Client, settings: Any) -> None:
    settings.STAFF_IDLE_MINUTES = 0
    sign_in(client)
    with time_machine.travel(timezone.now() + timedelta(hours=11), tick=False):
        assert client.get(PAGE).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=13), tick=False):
        assert client.get(PAGE).status_code == 302


def test_a_paired_browser_stays_paired(client: Client, settings: Any) -> None:
    settings.KIOSK_ACCESS = "keys"
    key = KioskKey.objects.create_key(name="hall", kiosk=KioskFactory())[1]
    client.post("/kiosk/pair/", {"key": key})
    sign_in(client)
    with time_machine.travel(timezone.now() + timedelta(hours=13), tick=False):
        assert client.get(PAGE).status_code == 302
        assert client.get("/kiosk/").status_code == 200


def test_signing_in_gives_the_session_another_name(client: Client) -> None:
    client.get("/admin/login/")
    client.session.save()
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before
