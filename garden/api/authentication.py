"""Who asks: a kiosk or a display by its key, a page paired with one, or a staff user."""

from typing import Any, TypeAlias

from django.http import HttpRequest
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, CSRFCheck, TokenAuthentication
from rest_framework.request import Request

from garden.models import Display, Kiosk, KioskKey

SESSION_KEY = "kiosk_key"
"""Where a paired browser's session names the key it was paired with; never the key itself."""
_SESSION_KEY_BEFORE = "kiosk"
SCHEME = "Api-Key"
TOKEN_SCHEMES = {"token", "bearer"}

Device: TypeAlias = Kiosk | Display


def usable_key(key: str) -> KioskKey | None:
    """The row of a key that opens something now."""
    try:
        found = KioskKey.objects.get_from_key(key)
    except KioskKey.DoesNotExist:
        return None
    return found if isinstance(found, KioskKey) else None


def kiosk_of_key(key: str) -> Kiosk | None:
    """The active kiosk that a usable key belongs to."""
    found = usable_key(key)
    return found.kiosk if found else None


class KioskKeyAuthentication(BaseAuthentication):
    """`x-api-key: …` or `Authorization: Api-Key …`."""

    def authenticate(self, request: Request) -> tuple[None, Device] | None:
        key = _key_in(request)
        if key is None:
            return None
        found = usable_key(key)
        if found is None:
            raise exceptions.AuthenticationFailed("This kiosk key is unknown, revoked or expired.")
        return None, _noted(found)

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


class BareTokenAuthentication(TokenAuthentication):
    """A staff user's token as the seeds' clients send it: `Authorization: TOKEN`; also `Token …` and `Bearer …`.

    A JSON Web Token (three parts with dots between) is left to whoever knows its issuer.
    """

    def authenticate(self, request: Request) -> Any:
        words = request.headers.get("Authorization", "").split()
        if len(words) == 2 and words[0].lower() in TOKEN_SCHEMES:
            words = words[1:]
        if len(words) != 1 or words[0].count(".") == 2:
            return None
        return self.authenticate_credentials(words[0])


class PairedKioskAuthentication(BaseAuthentication):
    """A browser that was paired with a kiosk or a display: its session, with Django's CSRF protection."""

    def authenticate(self, request: Request) -> tuple[None, Device] | None:
        key = paired_key(request._request)
        if key is None:
            return None
        _enforce_csrf(request)
        return None, _noted(key)


def paired_key(request: HttpRequest) -> KioskKey | None:
    """The key that this browser was paired with, while it opens something. It goes on with the key's follower."""
    key_id = request.session.get(SESSION_KEY) or _adopt(request)
    if not key_id:
        return None
    key = KioskKey.objects.get_usable_keys().filter(pk=key_id).select_related("follower").first()
    following = getattr(key, "follower", None)
    if following is not None and not following.revoked:
        request.session[SESSION_KEY] = following.pk
    return key


def paired_kiosk(request: HttpRequest) -> Kiosk | None:
    key = paired_key(request)
    return key.kiosk if key else None


def _adopt(request: HttpRequest) -> str | None:
    """Sessions of before named the kiosk alone: they go on with a key of it, so that revoking that ends them too."""
    kiosk_id = request.session.get(_SESSION_KEY_BEFORE)
    key = KioskKey.objects.get_usable_keys().filter(kiosk=kiosk_id).order_by("-created").first() if kiosk_id else None
    if key is None:
        return None
    del request.session[_SESSION_KEY_BEFORE]
    request.session[SESSION_KEY] = key.pk
    return str(key.pk)


def _noted(key: KioskKey) -> Device:
    key.mark_used()
    if isinstance(key.device, Kiosk):
        key.device.mark_seen()
    return key.device


def _key_in(request: Request) -> str | None:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == SCHEME.lower():
        return key.strip()
    return request.headers.get("x-api-key")


def _enforce_csrf(request: Request) -> None:
    check = CSRFCheck(lambda _: None)  # type: ignore[arg-type]
    check.process_request(request._request)
    reason = check.process_view(request._request, None, (), {})  # type: ignore[arg-type]
    if reason:
        raise exceptions.PermissionDenied(f"CSRF failed: {reason}")
