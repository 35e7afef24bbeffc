"""Who sends a request: a kiosk or a display by its key, a page paired with one, a program or the site's own staff."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from garden.access.kiosk_keys import Device, note_use, paired_key, usable_key
from garden.access.oidc import BadIdentityError, username_in

SCHEME = "Api-Key"
TOKEN_SCHEMES = {"token", "bearer"}


class KioskKeyAuthentication(BaseAuthentication):
    """`x-api-key: …` or `Authorization: Api-Key …`."""

    def authenticate(self, request: Request) -> tuple[None, Device] | None:
        key = _key_in(request)
        if key is None:
            return None
        found = usable_key(key)
        if found is None:
            raise AuthenticationFailed("This kiosk key is unknown, revoked or expired.")
        return None, note_use(found)

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


class PairedKioskAuthentication(BaseAuthentication):
    """A browser that was paired with a kiosk or a display: its session, with Django's CSRF protection."""

    def authenticate(self, request: Request) -> tuple[None, Device] | None:
        key = paired_key(request._request)
        if key is None:
            return None
        SessionAuthentication().enforce_csrf(request)
        return None, note_use(key)


class BareTokenAuthentication(TokenAuthentication):
    """A staff user's token as the seeds' clients send it: `Authorization: TOKEN`; also `Token …` and `Bearer …`.

    A JSON Web Token (three parts with dots between) is left to IdentityTokenAuthentication.
    """

    def authenticate(self, request: Request) -> Any:
        token = _token_in(request)
        return None if token is None or _is_jwt(token) else self.authenticate_credentials(token)


class IdentityTokenAuthentication(BaseAuthentication):
    """`Authorization: JWT`, alone or after `Bearer`, where the site names its provider (OIDC_ISSUER).

    The token names an account that exists already: a token alone makes none.
    """

    def authenticate(self, request: Request) -> tuple[Any, str] | None:
        token = _token_in(request)
        if not settings.OIDC_ISSUER or token is None or not _is_jwt(token):
            return None
        try:
            name = username_in(token)
        except BadIdentityError as error:
            raise AuthenticationFailed(error.detail) from error
        user = get_user_model().objects.filter(username=name, is_active=True).first()
        if user is None:
            raise AuthenticationFailed("Nobody of that name may come in.")
        return user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _key_in(request: Request) -> str | None:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == SCHEME.lower():
        return key.strip()
    return request.headers.get("x-api-key")


def _token_in(request: Request) -> str | None:
    words = request.headers.get("Authorization", "").split()
    if len(words) == 2 and words[0].lower() in TOKEN_SCHEMES:
        words = words[1:]
    return words[0] if len(words) == 1 else None


def _is_jwt(token: str) -> bool:
    return token.count(".") == 2
