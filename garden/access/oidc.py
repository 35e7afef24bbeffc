"""Tokens of an identity provider (OpenID Connect): signature, issuer, audience and age are checked each time."""

import json
import threading
import time
from typing import Any

import requests
from django.conf import settings

from garden.errors import GardenError, UnavailableError

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"]
"""Public keys only: a shared secret would let whoever checks tokens make them as well."""
LEEWAY = 60
"""Seconds by which the provider's clock may differ from ours."""
KEPT_SECONDS = 3600.0
LOOK_AGAIN_SECONDS = 30.0
"""A key that is not known is looked for at most so often: anybody can name keys that do not exist."""
FETCH_SECONDS = 5.0
LARGEST = 1_000_000


class BadIdentityError(GardenError):
    """A token that says nothing about anybody."""

    code = "bad_token"
    status = 401


class ProviderUnavailableError(UnavailableError):
    """The provider's keys cannot be fetched now."""

    code = "provider_unavailable"


class ProviderKeys:
    """The keys that the provider signs with, as this process knows them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: Any = None
        self._fetched_at = 0.0

    def get(self, *, again: bool = False) -> Any:
        """Fetched once an hour; `again` asks for newer ones. Raises ProviderUnavailableError."""
        with self._lock:
            age = time.monotonic() - self._fetched_at
            if self._known is None or age > (LOOK_AGAIN_SECONDS if again else KEPT_SECONDS):
                self._known = _fetch()
                self._fetched_at = time.monotonic()
            return self._known

    def forget(self) -> None:
        with self._lock:
            self._known = None


provider_keys = ProviderKeys()


def username_in(token: str) -> str:
    """Whom a token speaks of. Raises BadIdentityError and ProviderUnavailableError."""
    claims = _claims_of(token)
    name = claims.get(settings.OIDC_USERNAME_CLAIM)
    if not isinstance(name, str) or not name:
        raise BadIdentityError(f"The token has no {settings.OIDC_USERNAME_CLAIM}.")
    return name


def _claims_of(token: str) -> dict[str, Any]:
    from joserfc import jwt
    from joserfc.errors import InvalidKeyIdError, JoseError

    wanted: dict[str, Any] = {"iss": {"essential": True, "value": settings.OIDC_ISSUER}, "exp": {"essential": True}}
    try:
        try:
            read = jwt.decode(token, provider_keys.get(), algorithms=ALGORITHMS)
        except InvalidKeyIdError:  # It may have changed its keys.
            read = jwt.decode(token, provider_keys.get(again=True), algorithms=ALGORITHMS)
        jwt.JWTClaimsRegistry(leeway=LEEWAY, **wanted).validate(read.claims)
    except (JoseError, ValueError) as error:
        raise BadIdentityError(f"The token is not valid: {error}.") from error
    if settings.OIDC_AUDIENCE not in _audience(read.claims):
        raise BadIdentityError("The token is for somebody else.")
    return read.claims


def _audience(claims: dict[str, Any]) -> list[Any]:
    """Amazon Cognito's access tokens name their client instead."""
    named = claims.get("aud", claims.get("client_id"))
    return named if isinstance(named, list) else [named]


def _fetch() -> Any:
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    try:
        with requests.get(settings.OIDC_JWKS_URL, timeout=FETCH_SECONDS, stream=True, allow_redirects=False) as answer:
            if answer.status_code != requests.codes.ok:
                raise ValueError(answer.status_code)
            content = answer.raw.read(LARGEST, decode_content=True)
        return KeySet.import_key_set(_public(json.loads(content)))
    except (requests.RequestException, JoseError, ValueError, KeyError, TypeError) as error:
        raise ProviderUnavailableError(
            f"The identity provider's keys cannot be read: {type(error).__name__}."
        ) from error


def _public(given: Any) -> Any:
    """Without shared secrets, and without what is for encrypting."""
    return {"keys": [key for key in given["keys"] if key.get("kty") != "oct" and key.get("use", "sig") == "sig"]}
