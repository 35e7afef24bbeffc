"""Guessing passwords is slow, from whichever address; staff are let in again."""

from pathlib import Path
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from garden.access import sign_in as signing_in
from garden.models import AuditEntry
from garden.settings.connections import caches
from tests.garden.access.people import shown_on_phone, sign_in, staff_member, with_phone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ann(settings: Any, tmp_path: Path) -> User:
    settings.AXES_FAILURE_LIMIT = 3
    settings.CACHES = {**settings.CACHES, **caches("", "", tmp_path / "cache")}
    return staff_member("ann")


def guess(client: Client, times: int = 3, **more: Any) -> Any:
    return [sign_in(client, password=f"guess {n}", **more) for n in range(times)][-1]


@pytest.mark.parametrize(
    ("language", "locked", "minute"),
    [
        ("en", "Too many attempts", "Please wait 1 minute, then"),
        ("ko", "시도가 너무 많습니다", "1분 뒤에 다시 시도하거나"),
        ("ja", "試行回数が多すぎます", "1分待ってから"),
    ],
)
def test_it_locks_out_who_guesses_and_answers_in_the_language_of_the_browser_for_how_long(
    client: Client, monkeypatch: pytest.MonkeyPatch, language: str, locked: str, minute: str
) -> None:
    answer = guess(client, headers={"accept-language": language})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert locked in answer.content.decode()
    assert sign_in(client).status_code == 429
    monkeypatch.setattr(signing_in, "FREE_OF_ACCOUNT", 0)
    with time_machine.travel(timezone.now(), tick=False):
        guess(client, times=1, REMOTE_ADDR="192.0.2.1")
        answer = guess(client, times=1, REMOTE_ADDR="192.0.2.2", headers={"accept-language": language})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 60
    assert minute in answer.content.decode()


def test_it_answers_the_same_for_an_account_that_does_not_exist_and_keeps_no_password(client: Client) -> None:
    known = guess(client).content
    assert guess(Client(), times=4).status_code == 429
    unknown = [sign_in(Client(), name="nobody", password="x") for _ in range(4)][-1]
    assert unknown.status_code == 429
    assert unknown.content == known
    kept = " ".join(str(value) for row in AccessAttempt.objects.values_list() for value in row)
    assert "ann" in kept
    assert "guess" not in kept


def test_behind_a_proxy_it_is_the_guesser_who_is_locked_out(client: Client, settings: Any) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    guess(client, headers={"x-forwarded-for": "203.0.113.9, 192.0.2.1"})
    assert sign_in(client, headers={"x-forwarded-for": "192.0.2.2"}).status_code == 302
    assert sign_in(Client(), headers={"x-forwarded-for": "198.51.100.7, 192.0.2.1"}).status_code == 429


def test_without_a_proxy_nobody_writes_their_own_address(client: Client) -> None:
    for n in range(3):
        sign_in(client, password="guess", headers={"x-forwarded-for": f"192.0.2.{n}"})
    assert sign_in(client, headers={"x-forwarded-for": "192.0.2.99"}).status_code == 429


def test_the_right_password_forgets_the_wrong_ones(client: Client) -> None:
    guess(client, times=2)
    sign_in(client)
    client.post("/admin/logout/")
    assert guess(client, times=2).status_code == 200


def test_an_account_takes_more_attempts_from_everywhere_only_slowly(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_in, "FREE_OF_ACCOUNT", 4)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        answers = [sign_in(client, password="guess", REMOTE_ADDR=f"192.0.2.{n}") for n in range(6)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 200, 429]
        assert answers[-1].headers["Retry-After"] == "2"
        clock.shift(2.1)
        assert sign_in(client, password="guess", REMOTE_ADDR="192.0.2.7").status_code == 200
        assert sign_in(client, password="guess", REMOTE_ADDR="192.0.2.8").headers["Retry-After"] == "5"


def test_an_address_takes_more_attempts_at_everyone_only_slowly(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_in, "FREE_OF_ADDRESS", 4)
    with time_machine.travel(timezone.now(), tick=False):
        answers = [sign_in(client, name=f"name {n}", password="guess") for n in range(6)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "2"


def attack(client: Client, guesses: int = 31, addresses: int = 16) -> list[int]:
    """Wrong passwords at ann's account, from many addresses in turn."""
    return [
        sign_in(client, password=f"guess {n}", REMOTE_ADDR=f"192.0.2.{n % addresses}").status_code
        for n in range(guesses)
    ]


def test_all_addresses_of_one_ipv6_network_are_one(client: Client) -> None:
    for n in range(3):
        sign_in(client, password="guess", REMOTE_ADDR=f"2001:db8:0:1::{n}")
    assert sign_in(client, REMOTE_ADDR="2001:db8:0:1:aaaa::9").status_code == 429
    assert sign_in(Client(), REMOTE_ADDR="2001:db8:0:2::1").status_code == 302


def test_guessing_from_ever_new_addresses_delays_another_one_by_seconds_only() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        attack(Client(), guesses=61, addresses=61)
        owner, new = Client(), {"REMOTE_ADDR": "198.51.100.1"}
        refused = [sign_in(owner, **new) for _ in range(9)]
        assert {answer.status_code for answer in refused} == {429}
        wait = int(refused[0].headers["Retry-After"])
        assert 0 < wait <= signing_in.NEW_ADDRESS_WAIT
        clock.shift(wait + 0.1)
        assert sign_in(owner, **new).status_code == 302


@pytest.mark.parametrize("with_second_factor", [False, True])
def test_a_device_that_signed_in_before_and_a_new_address_do_not_wait(
    ann: User, settings: Any, with_second_factor: bool
) -> None:
    settings.STAFF_SECOND_FACTOR = "optional"
    device = signed_in_before(ann, with_second_factor)
    assert 429 in attack(Client())
    assert sign_in(Client(), REMOTE_ADDR="198.51.100.1").status_code == 302
    guess(Client(), times=4)  # From the device's own address, too.
    assert sign_in(device).status_code == 302
    assert sign_in(Client()).status_code == 429


def signed_in_before(person: User, with_second_factor: bool) -> Client:
    """A browser that has signed out since."""
    device = Client()
    if with_second_factor:
        with_phone(person)
    sign_in(device)
    if with_second_factor:
        answer = device.post("/admin/second-factor/", {"code": shown_on_phone(person)})
        assert answer.status_code == 302
    device.post("/admin/logout/")
    return device


def test_a_password_alone_makes_no_known_device(ann: User) -> None:
    with_phone(ann)
    thief = Client()
    sign_in(thief)
    assert not [name for name in thief.cookies if name.startswith("staff_device")]


def test_a_known_device_is_known_for_its_account_and_its_password_alone(ann: User, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = "optional"
    device = signed_in_before(ann, with_second_factor=False)
    staff_member("ben")
    guess(Client(), name="ben", times=4)
    assert sign_in(device, name="ben").status_code == 429
    ann.set_password("another password")
    ann.save()
    guess(Client(), times=4)
    assert sign_in(device, password="another password").status_code == 429


def test_a_known_device_guesses_no_faster(ann: User, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.STAFF_SECOND_FACTOR = "optional"
    monkeypatch.setattr(signing_in, "FREE_OF_DEVICE", 2)
    device = signed_in_before(ann, with_second_factor=False)
    assert guess(device, times=6).status_code == 429


def test_the_command_lifts_every_lock_and_names_it(
    ann: User, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(signing_in, "FREE_OF_ADDRESS", 30)
    with_phone(ann)
    guess(Client(), times=4, REMOTE_ADDR="192.0.2.0")
    attack(Client())
    for n in range(40):
        sign_in(Client(), name=f"name {n}", password="guess", REMOTE_ADDR="192.0.2.0")
    TOTPDevice.objects.update(throttling_failure_count=9, throttling_failure_timestamp=timezone.now())
    call_command("staff_access", "unlock", "ann")
    assert capsys.readouterr().out == (
        "ann can sign in again; locks removed: wrong passwords from one address, "
        "attempts at the account from all addresses, attempts at all accounts from an address, "
        "wrong codes of the second factor.\n"
    )
    client = Client()
    assert sign_in(client, REMOTE_ADDR="192.0.2.0").status_code == 302
    assert client.post("/admin/second-factor/", {"code": shown_on_phone(ann)}).status_code == 302
    call_command("staff_access", "unlock", "ann")
    assert "not locked" in capsys.readouterr().out


def test_an_administrator_lets_in_again_and_sees_which_lock_it_was_and_the_audit_log_has_it(
    admin_client: Client, ann: User
) -> None:
    """The log names it alike in every language."""
    attack(Client())
    chosen = {"action": "let_in_again", "_selected_action": [ann.pk]}
    korean = {"accept-language": "ko"}
    admin_client.post("/admin/auth/user/", chosen, headers=korean)
    assert AuditEntry.objects.get(kind="unlocked").detail == {"lifted": ["account"]}
    attack(Client())
    answer = admin_client.post("/admin/auth/user/", chosen, follow=True)
    message = [str(message) for message in answer.context["messages"]][-1]
    assert message.startswith("ann can sign in again. Locks removed: ")
    assert "attempts at the account from all addresses" in message
    assert sign_in(Client(), REMOTE_ADDR="192.0.2.0").status_code == 302
