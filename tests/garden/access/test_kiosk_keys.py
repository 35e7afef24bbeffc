"""Keys of kiosks and displays: what they open, how one follows another, how they end."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from garden.access.kiosk_keys import make_key, revoke_key, rotate_key, usable_key
from garden.models import DeviceHealth, Display, Kiosk, KioskKey, Zone
from tests.support.factories import KioskFactory

pytestmark = pytest.mark.django_db
OF_KIOSKS = ["/emotion", "/gardenfromDB", "/garden", "/like", "/updateDisplay", "/sendToWall", "/souvenir"]
WALL = "/wall/zone1/3/h"


@pytest.fixture(autouse=True)
def _keys_only(settings: Any) -> None:
    settings.KIOSK_ACCESS = "keys"


@pytest.fixture
def display() -> Display:
    zone = Zone.objects.get_or_create(name="zone1")[0]
    return Display.objects.create(zone=zone, number=3, orientation="landscape")


@pytest.fixture
def wall_key(display: Display) -> str:
    return make_key(device=display, name="above the stairs")[1]


def heartbeat(api: APIClient, key: str, **message: Any) -> int:
    status: int = api.post("/heartbeat", message, format="json", headers={"x-api-key": key}).status_code
    return status


def ask(api: APIClient, key: str) -> int:
    asked = {"emotion": "calm"}
    status: int = api.post("/gardenfromDB", asked, format="json", headers={"x-api-key": key}).status_code
    return status


@pytest.mark.parametrize("access", ["keys", "open"])
def test_the_key_of_a_display_opens_no_route_of_kiosks(
    api: APIClient, wall_key: str, settings: Any, access: str
) -> None:
    settings.KIOSK_ACCESS = access
    for route in OF_KIOSKS:
        answer = api.post(route, {"emotion": "calm"}, format="json", headers={"x-api-key": wall_key})
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied"), route


def test_an_active_display_sends_heartbeats_and_for_no_other(api: APIClient, wall_key: str, display: Display) -> None:
    assert heartbeat(api, wall_key, display="zone1/4h") == 403
    assert not DeviceHealth.objects.exists()
    assert heartbeat(api, wall_key, version="0.1.0") == 204
    assert DeviceHealth.objects.get().display == display
    Display.objects.update(is_active=False)
    assert heartbeat(api, wall_key) == 401


def test_a_browser_paired_with_a_display_opens_its_wall_and_no_kiosk(client: Client, wall_key: str) -> None:
    assert client.post("/kiosk/pair/", {"key": wall_key}).headers["Location"] == WALL
    assert client.get(WALL).status_code == 200
    assert client.get("/wall/").headers["Location"] == WALL
    assert client.get("/kiosk/").headers["Location"] == "/kiosk/pair/"
    assert client.get("/try/emotion/").status_code == 302


def test_a_key_belongs_to_one_device(display: Display) -> None:
    for owners in ({}, {"kiosk": KioskFactory(), "display": display}):
        with pytest.raises(IntegrityError), transaction.atomic():
            KioskKey.objects.create_key(name="nobody's", **owners)


def test_a_new_key_follows_while_the_old_one_still_opens_and_paired_browsers_go_on(
    api: APIClient, client: Client
) -> None:
    first, old = make_key(device=KioskFactory(), name="hall")
    client.post("/kiosk/pair/", {"key": old})
    _, new = rotate_key(key=first, overlap=timedelta(hours=2))
    client.get("/kiosk/")
    assert (ask(api, old), ask(api, new)) == (200, 200)
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=False):
        assert (ask(api, old), ask(api, new)) == (401, 200)
        assert client.get("/kiosk/").status_code == 200


def test_a_key_that_ends_sooner_is_not_given_more_time() -> None:
    ends = timezone.now() + timedelta(minutes=5)
    key, _ = make_key(device=KioskFactory(), name="hall", expires=ends)
    rotate_key(key=key, overlap=timedelta(hours=2))
    key.refresh_from_db()
    assert key.expiry_date == ends


def test_a_revoked_key_ends_at_once_and_so_do_its_browsers(api: APIClient, client: Client) -> None:
    key, secret = make_key(device=KioskFactory(), name="hall")
    client.post("/kiosk/pair/", {"key": secret})
    assert client.get("/kiosk/").status_code == 200
    revoke_key(key=key)
    assert ask(api, secret) == 401
    assert client.get("/kiosk/").status_code == 302


def test_its_last_use_is_noted_once_a_minute(api: APIClient, django_assert_num_queries: Any) -> None:
    key, secret = make_key(device=KioskFactory(), name="hall")
    ask(api, secret)
    used = KioskKey.objects.get(pk=key.pk).last_used_at
    assert used is not None
    found = usable_key(secret)
    assert found is not None
    with django_assert_num_queries(0):
        found.mark_used()
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        ask(api, secret)
    assert KioskKey.objects.get(pk=key.pk).last_used_at > used


def test_the_admin_shows_the_following_key_once(admin_client: Client, api: APIClient) -> None:
    key, _ = make_key(device=KioskFactory(name="Hall"), name="hall")
    chosen = {"action": "rotate", "_selected_action": [key.pk]}
    page = admin_client.post("/admin/garden/kioskkey/", chosen, follow=True).content.decode()
    shown = re.search(r"\w{8}\.\w{32}\b", page)
    assert shown
    assert ask(api, shown[0]) == 200
    again = admin_client.post("/admin/garden/kioskkey/", chosen, follow=True).content.decode()
    assert "cannot be rotated" in again
    assert shown[0] not in again


def test_the_admin_refuses_a_key_of_nobody(admin_client: Client) -> None:
    page = admin_client.post("/admin/garden/kioskkey/add/", {"name": "nobody's"})
    assert "A key belongs to a kiosk, or to a display." in page.content.decode()


def test_the_command_makes_replaces_lists_and_revokes(api: APIClient, display: Display) -> None:
    KioskFactory(name="Hall")
    secrets = [run("make", name).split()[1] for name in ("Hall", "zone1/3h")]
    assert (ask(api, secrets[0]), heartbeat(api, secrets[1])) == (200, 204)
    following = run("rotate", secrets[0][:8]).split()[1]
    assert ask(api, following) == 200
    run("revoke", following[:8])
    assert ask(api, following) == 401
    assert [line.split()[1] for line in run("list").splitlines()] == ["usable", "usable", "ended"]


def test_the_command_adds_a_new_kiosk_with_its_key(api: APIClient) -> None:
    assert "would be created" in run("make", "Shop window", "--new", "--dry-run")
    secrets = [run("make", "Shop window", "--new").split()[-1] for _ in range(2)]
    assert [ask(api, secret) for secret in secrets] == [200, 200]
    assert Kiosk.objects.get().name == "Shop window"


@pytest.mark.parametrize("arguments", [("make", "nowhere"), ("make", "zone9/1h"), ("rotate", "none"), ("revoke",)])
def test_the_command_says_what_there_is_not(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run(*arguments)


def run(*arguments: str) -> str:
    reported = io.StringIO()
    call_command("kiosk_keys", *arguments, stdout=reported)
    return reported.getvalue()
