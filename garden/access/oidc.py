"""Tokens of an identity provider (OpenID Connect): signature, issuer, audience and age are checked each time."""

import json
import threading
import time
from typing import Any

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

from garden.errors import GardenError, UnavailableError

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"]
"""Public keys only: with a shared secret the verifier could issue tokens."""
LEEWAY = 60
"""Seconds by which the provider's clock may differ from ours."""
KEPT_SECONDS = 3600.0
LOOK_AGAIN_SECONDS = 30.0
"""Limit of lookups of unknown keys, which any client can name."""
FETCH_SECONDS = 5.0
"""For the connection, for each part of the answer, and for the whole answer."""
FAILURE_SECONDS = 10.0
"""Pause after a failed fetch before the provider is requested again."""
WAIT_SECONDS = 1.0
"""So long a caller without keys waits for the fetch of another."""
LARGEST = 1_000_000


class BadIdentityError(GardenError):
    """A token without a valid identity."""

    code = "bad_token"
    status = 401


class ProviderUnavailableError(UnavailableError):
    """The provider's keys cannot be fetched now."""

    code = "provider_unavailable"


class ProviderKeys:
    """The provider's public keys, cached in this process. One thread at a time fetches them."""

    def __init__(self) -> None:
        self._fetching = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._known: Any = None
        self._fetched_at = 0.0
        self._failed_at: float | None = None

    def get(self, *, again: bool = False) -> Any:
        """The key set, fetched once an hour; `again` requests newer ones. Raises ProviderUnavailableError.

        A caller that meets another's fetch gets the keys known so far, or waits up to WAIT_SECONDS where there are
        none. After a failed fetch the provider is not requested for FAILURE_SECONDS.
        """
        if self._is_fresh(again):
            return self._known
        if not self._fetching.acquire(timeout=WAIT_SECONDS if self._known is None else 0):
            return self._keys_so_far()
        try:
            if self._is_fresh(again):
                return self._known
            if self._failed_at is None or time.monotonic() - self._failed_at > FAILURE_SECONDS:
                return self._fetch()
        finally:
            self._fetching.release()
        return self._keys_so_far(usable=again)

    def _is_fresh(self, again: bool) -> bool:
        age = time.monotonic() - self._fetched_at
        return self._known is not None and age <= (LOOK_AGAIN_SECONDS if again else KEPT_SECONDS)

    def _keys_so_far(self, *, usable: bool = True) -> Any:
        if self._known is None or not usable:
            raise ProviderUnavailableError("The identity provider's keys cannot be read now.")
        return self._known

    def _fetch(self) -> Any:
        try:
            self._known = _fetch()
        except ProviderUnavailableError:
            self._failed_at = time.monotonic()
            raise
        self._fetched_at, self._failed_at = time.monotonic(), None
        return self._known


provider_keys = ProviderKeys()


def username_in(token: str) -> str:
    """The user name in a token. Raises BadIdentityError and ProviderUnavailableError."""
    claims = _claims_of(token)
    name = claims.get(settings.OIDC_USERNAME_CLAIM)
    if not isinstance(name, str) or not name:
        raise BadIdentityError(f"The token has no {settings.OIDC_USERNAME_CLAIM}.")
    return name


def _claims_of(token: str) -> dict[str, Any]:
    from joserfc import jwt
    from joserfc.errors import InvalidKeyIdError, JoseError

    required: dict[str, Any] = {"iss": {"essential": True, "value": settings.OIDC_ISSUER}, "exp": {"essential": True}}
    try:
        try:
            read = jwt.decode(token, provider_keys.get(), algorithms=ALGORITHMS)
        except InvalidKeyIdError:  # It may have changed its keys.
            read = jwt.decode(token, provider_keys.get(again=True), algorithms=ALGORITHMS)
        jwt.JWTClaimsRegistry(leeway=LEEWAY, **required).validate(read.claims)
    except (JoseError, ValueError) as error:
        raise BadIdentityError(f"The token is not valid: {error}.") from error
    if settings.OIDC_AUDIENCE not in _audience(read.claims):
        raise BadIdentityError("The token is for another audience.")
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
            content = _content_of(answer)
        return KeySet.import_key_set(_public(json.loads(content)))
    except (requests.RequestException, HTTPError, OSError, JoseError, ValueError, KeyError, TypeError) as error:
        raise ProviderUnavailableError(
            f"The identity provider's keys cannot be read: {type(error).__name__}."
        ) from error


def _content_of(answer: requests.Response) -> bytes:
    """The body, of at most LARGEST bytes and within FETCH_SECONDS. Raises ValueError."""
    content, ends = b"", time.monotonic() + FETCH_SECONDS
    while part := answer.raw.read1(LARGEST, decode_content=True):
        content += part
        if len(content) > LARGEST or time.monotonic() > ends:
            raise ValueError("The key set is too large or comes too slowly.")
    return content


def _public(key_set: Any) -> Any:
    """Without shared secrets, and without what is for encrypting."""
    return {"keys": [key for key in key_set["keys"] if key.get("kty") != "oct" and key.get("use", "sig") == "sig"]}
