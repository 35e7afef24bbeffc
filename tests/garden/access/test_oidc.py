"""Tokens of an identity provider: believed only after signature, issuer, audience and age were checked."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from joserfc.jwk import ECKey, OctKey
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.test import APIClient, APIRequestFactory

from garden.access import oidc
from garden.access.oidc import ProviderUnavailableError, provider_keys
from garden.api.authentication import IdentityTokenAuthentication
from tests.garden.access.provider import CLIENT, ISSUER, Provider, running_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with running_provider() as provider:
        settings.OIDC_ISSUER, settings.OIDC_AUDIENCE, settings.OIDC_JWKS_URL = ISSUER, CLIENT, provider.url
        provider_keys.forget()
        yield provider
    provider_keys.forget()


@pytest.fixture
def cleo() -> User:
    return User.objects.create_user("cleo")


def authenticate(header: str) -> User | None:
    request = Request(APIRequestFactory().get("/", HTTP_AUTHORIZATION=header))
    found = IdentityTokenAuthentication().authenticate(request)
    return found[0] if found else None


@pytest.mark.parametrize("scheme", ["", "Bearer ", "Token "])
def test_it_knows_whose_token_it_is(provider: Provider, cleo: User, scheme: str) -> None:
    assert authenticate(f"{scheme}{provider.token()}") == cleo
    assert authenticate(provider.token(client_id=None, aud=["other", CLIENT])) == cleo
    assert provider.asked == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"client_id": "another"},
        {"client_id": None},
        {"aud": "another"},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": int(time.time()) + 3600},
        {"username": None},
        {"username": ["cleo"]},
        {"username": "nobody"},
    ],
)
def test_it_refuses_a_token_of_another_issuer_audience_time_or_person(
    provider: Provider, cleo: User, changed: dict[str, Any]
) -> None:
    with pytest.raises(AuthenticationFailed):
        authenticate(provider.token(**changed))


def test_it_refuses_every_other_signature_and_an_inactive_account(provider: Provider, cleo: User) -> None:
    signed, _, signature = provider.token().rpartition(".")
    stranger = ECKey.generate_key("P-256", parameters={"kid": "first"})
    shared = OctKey.import_key("a shared secret of thirty-two letters", parameters={"kid": "first"})
    forged = [
        f"{signed}.{signature[::-1]}",
        f"{signed}.",
        provider.token(stranger),
        provider.token(shared, "HS256"),
        "eyJhbGciOiJub25lIn0.eyJ1c2VybmFtZSI6ImNsZW8ifQ.",
        "a.b.c",
    ]
    for token in forged:
        with pytest.raises(AuthenticationFailed):
            authenticate(token)
    User.objects.update(is_active=False)
    with pytest.raises(AuthenticationFailed):
        authenticate(provider.token())


def test_it_fetches_keys_again_for_an_unknown_key_and_not_too_often(
    provider: Provider, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    authenticate(provider.token())
    provider.rotate("second")
    for _ in range(3):
        with pytest.raises(AuthenticationFailed):
            authenticate(provider.token())
    assert provider.asked == 1
    monkeypatch.setattr(oidc, "LOOK_AGAIN_SECONDS", 0)
    assert authenticate(provider.token()) == cleo


@pytest.mark.parametrize("status", [302, 500])
def test_it_is_unavailable_while_the_provider_is_away_and_fetches_nothing_for_a_while(
    provider: Provider, cleo: User, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.status = status
    with pytest.raises(ProviderUnavailableError):
        authenticate(provider.token())
    provider.status = 200
    with pytest.raises(ProviderUnavailableError):
        authenticate(provider.token())
    assert provider.asked == 1
    monkeypatch.setattr(oidc, "FAILURE_SECONDS", 0)
    assert authenticate(provider.token()) == cleo


def test_a_provider_that_hangs_is_fetched_from_once_and_answered_as_503_that_names_a_time(
    provider: Provider, api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "FETCH_SECONDS", 0.2)
    provider.answers.clear()
    answers = ask_at_once(provider.token(), 33)
    assert answers == ["ProviderUnavailableError"] * 33
    answer = api.get("/user/username", HTTP_AUTHORIZATION=f"Bearer {provider.token()}")
    assert (answer.status_code, answer.json()["code"]) == (503, "provider_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert provider.asked == 1


def test_it_goes_on_with_the_keys_it_has_while_the_provider_hangs(
    provider: Provider, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "FETCH_SECONDS", 0.2)
    monkeypatch.setattr(oidc, "LOOK_AGAIN_SECONDS", 0)
    assert authenticate(provider.token()) == cleo
    provider.answers.clear()
    strangers = [ECKey.generate_key("P-256", parameters={"kid": f"unknown {n}"}) for n in range(9)]
    asked = [threading.Thread(target=outcome_of, args=(provider.token(key), [])) for key in strangers]
    for thread in asked:
        thread.start()
    assert authenticate(provider.token()) == cleo
    for thread in asked:
        thread.join()
    assert provider.asked == 2


def ask_at_once(token: str, count: int) -> list[str]:
    outcomes: list[str] = []
    asked = [threading.Thread(target=outcome_of, args=(token, outcomes)) for _ in range(count)]
    for thread in asked:
        thread.start()
    for thread in asked:
        thread.join()
    return outcomes


def outcome_of(token: str, outcomes: list[str]) -> None:
    try:
        authenticate(f"Bearer {token}")
    except (AuthenticationFailed, ProviderUnavailableError) as error:
        outcomes.append(type(error).__name__)


def test_it_accepts_nobody_where_no_provider_is_named(provider: Provider, cleo: User, settings: Any) -> None:
    settings.OIDC_ISSUER = ""
    assert authenticate(provider.token()) is None
    assert provider.asked == 0


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"issuer": "https://a"}, "OIDC must have audience, jwks_url, too"),
        ({"issuer": "a", "audience": "b", "jwks_url": "http://c"}, "OIDC: jwks_url must begin with https://"),
        ({"issuer": "a", "audiences": "b"}, "OIDC knows issuer, audience, jwks_url, username_claim, not 'audiences'"),
    ],
)
def test_half_a_provider_is_refused_at_the_start(given: dict[str, str], complaint: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import garden.settings.access"],
        env={"OIDC": json.dumps(given)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert complaint in done.stderr
