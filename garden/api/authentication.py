"""Who asks: a kiosk by its key, a page paired with a kiosk, or a staff user."""

from django.http import HttpRequest
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.request import Request

from garden.models import Kiosk, KioskKey

SESSION_KEY = "kiosk"
SCHEME = "Api-Key"


def kiosk_of_key(key: str) -> Kiosk | None:
    """The active kiosk that a usable key belongs to."""
    try:
        found = KioskKey.objects.get_from_key(key)
    except KioskKey.DoesNotExist:
        return None
    return found.kiosk if isinstance(found, KioskKey) and not found.has_expired else None


class KioskKeyAuthentication(BaseAuthentication):
    """`x-api-key: …` or `Authorization: Api-Key …`."""

    def authenticate(self, request: Request) -> tuple[None, Kiosk] | None:
        key = _key_in(request)
        if key is None:
            return None
        kiosk = kiosk_of_key(key)
        if kiosk is None:
            raise exceptions.AuthenticationFailed("This kiosk key is unknown, revoked or expired.")
        kiosk.mark_seen()
        return None, kiosk

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


class PairedKioskAuthentication(BaseAuthentication):
    """A browser that was paired with a kiosk: its session, with Django's CSRF protection."""

    def authenticate(self, request: Request) -> tuple[None, Kiosk] | None:
        kiosk = paired_kiosk(request._request)
        if kiosk is None:
            return None
        _enforce_csrf(request)
        kiosk.mark_seen()
        return None, kiosk


def paired_kiosk(request: HttpRequest) -> Kiosk | None:
    kiosk_id = request.session.get(SESSION_KEY)
    return Kiosk.objects.active().filter(pk=kiosk_id).first() if kiosk_id else None


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
