"""A staff user's token as the retouching seed's client sends it: alone in `Authorization`."""

import pytest
from django.contrib.auth.models import User
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from garden.api.authentication import BareTokenAuthentication

pytestmark = pytest.mark.django_db


def authenticate(header: str | None) -> User | None:
    asked = APIRequestFactory().get("/")
    if header is not None:
        asked.META["HTTP_AUTHORIZATION"] = header
    found = BareTokenAuthentication().authenticate(Request(asked))
    return found[0] if found else None


@pytest.fixture
def token() -> Token:
    made: Token = Token.objects.create(user=User.objects.create_user("ann"))
    return made


@pytest.mark.parametrize("scheme", ["", "Token ", "token ", "Bearer "])
def test_it_knows_whose_token_it_is(token: Token, scheme: str) -> None:
    assert authenticate(f"{scheme}{token.key}") == token.user


def test_it_refuses_a_token_that_nobody_has(token: Token) -> None:
    with pytest.raises(AuthenticationFailed):
        authenticate(token.key[:-1])


def test_it_refuses_the_token_of_who_may_no_longer_sign_in(token: Token) -> None:
    User.objects.update(is_active=False)
    with pytest.raises(AuthenticationFailed):
        authenticate(token.key)


@pytest.mark.parametrize("header", [None, "", "Basic YW5uOmFubg==", "Api-Key abc.def", "eyJhbGciOiJub25lIn0.e30.c2ln"])
def test_it_leaves_to_others_what_is_no_token_of_ours(header: str | None) -> None:
    assert authenticate(header) is None
