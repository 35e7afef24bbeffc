"""Guessing passwords is slow, wherever the guesser stands; staff are let in again."""

from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from garden.access import backends
from tests.garden.access.people import sign_in, staff_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ann(settings: Any) -> User:
    settings.AXES_FAILURE_LIMIT = 3
    return staff_member("ann")


def guess(client: Client, times: int = 3, **more: Any) -> Any:
    return [sign_in(client, password=f"guess {n}", **more) for n in range(times)][-1]


def test_it_locks_out_who_guesses(client: Client) -> None:
    assert guess(client).status_code == 429
    assert sign_in(client).status_code == 429


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Too many attempts"), ("ko", "시도가 너무 많습니다"), ("ja", "試行回数が多すぎます")],
)
def test_it_says_so_in_the_language_of_the_browser(client: Client, language: str, words: str) -> None:
    answer = guess(client, headers={"accept-language": language})
    assert words in answer.content.decode()
    assert answer.headers["Retry-After"] == "900"


def test_it_says_the_same_of_who_does_not_exist(client: Client) -> None:
    known = guess(client).content
    assert guess(Client(), times=4).status_code == 429
    unknown = [sign_in(Client(), name="nobody", password="x") for _ in range(4)][-1]
    assert unknown.status_code == 429
    assert unknown.content == known


def test_another_address_may_still_sign_in(client: Client) -> None:
    guess(client, REMOTE_ADDR="192.0.2.1")
    assert sign_in(client, REMOTE_ADDR="192.0.2.2").status_code == 302


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


def test_an_account_takes_so_many_attempts_from_everywhere(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "MOST_OF_ACCOUNT", 4)
    answers = [sign_in(client, password="guess", REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert sign_in(client, REMOTE_ADDR="198.51.100.1").status_code == 429


def test_an_address_takes_so_many_attempts_at_everyone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "MOST_OF_ADDRESS", 4)
    answers = [sign_in(client, name=f"name {n}", password="guess").status_code for n in range(5)]
    assert answers == [200, 200, 200, 200, 429]


def test_the_command_lets_in_again(client: Client) -> None:
    guess(client)
    call_command("staff_access", "unlock", "ann")
    assert sign_in(client).status_code == 302


def test_an_administrator_lets_in_again(client: Client, admin_client: Client, ann: User) -> None:
    guess(client)
    admin_client.post("/admin/auth/user/", {"action": "let_in_again", "_selected_action": [ann.pk]})
    assert sign_in(client).status_code == 302


def test_no_password_is_kept(client: Client) -> None:
    guess(client)
    kept = " ".join(str(value) for row in AccessAttempt.objects.values_list() for value in row)
    assert "ann" in kept
    assert "guess" not in kept
