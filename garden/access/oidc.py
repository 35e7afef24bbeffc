"""Tokens of an identity provider (OpenID Connect): signature, issuer, audience and age are checked each time."""

import json
import threading
import time
from concurrent.futures import Future
from typing import Any

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

from garden.errors import GardenError, UnavailableError

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"]
"""Public keys only: a shared secret would let whoever checks tokens make them as well."""
LEEWAY = 60
"""Seconds by which the provider's clock may differ from ours."""
KEPT_SECONDS = 3600.0
LOOK_AGAIN_SECONDS = 30.0
"""A key that is not known is looked for at most so often: anybody can name keys that do not exist."""
FETCH_SECONDS = 5.0
"""For the connection, for each part of the answer, and for the whole answer."""
FAILURE_SECONDS = 10.0
"""So long after a failed fetch the provider is not asked."""
WAIT_SECONDS = 1.0
"""So long a caller without keys waits for the fetch of another."""
LARGEST = 1_000_000


class BadIdentityError(GardenError):
    """A token that says nothing about anybody."""

    code = "bad_token"
    status = 401


class ProviderUnavailableError(UnavailableError):
    """The provider's keys cannot be fetched now."""

    code = "provider_unavailable"


class ProviderKeys:
    """The keys that the provider signs with, as this process knows them. One thread fetches, outside the lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: Any = None
        self._fetched_at = 0.0
        self._failed_at: float | None = None
        self._fetch: Future[Any] | None = None

    def get(self, *, again: bool = False) -> Any:
        """The key set, fetched once an hour; `again` asks for newer ones. Raises ProviderUnavailableError.

        A caller that meets another's fetch gets the keys known so far, or waits up to WAIT_SECONDS where there are
        none. After a failed fetch nobody asks the provider for FAILURE_SECONDS.
        """
        with self._lock:
            now = time.monotonic()
            if self._known is not None and now - self._fetched_at <= (LOOK_AGAIN_SECONDS if again else KEPT_SECONDS):
                return self._known
            others, failed_at = self._fetch, self._failed_at
            if others is None and (failed_at is None or now - failed_at > FAILURE_SECONDS):
                own = self._fetch = Future[Any]()
            else:
                own = None
        if own is not None:
            return self._run(own)
        if self._known is not None and (again or others is not None):
            return self._known
        return _result_of(others)

    def forget(self) -> None:
        with self._lock:
            self._known = self._failed_at = None

    def _run(self, own: "Future[Any]") -> Any:
        try:
            known = _fetch()
        except BaseException as error:
            with self._lock:
                self._failed_at, self._fetch = time.monotonic(), None
            own.set_exception(error)
            raise
        with self._lock:
            self._known, self._fetched_at = known, time.monotonic()
            self._failed_at = self._fetch = None
        own.set_result(known)
        return known


def _result_of(fetch: "Future[Any] | None") -> Any:
    """The result of another thread's fetch. Its error becomes a new one: threads must not share an exception."""
    try:
        if fetch is not None:
            return fetch.result(timeout=WAIT_SECONDS)
    except (ProviderUnavailableError, TimeoutError):
        pass
    raise ProviderUnavailableError("The identity provider's keys cannot be read now.")


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


def _public(given: Any) -> Any:
    """Without shared secrets, and without what is for encrypting."""
    return {"keys": [key for key in given["keys"] if key.get("kty") != "oct" and key.get("use", "sig") == "sig"]}
