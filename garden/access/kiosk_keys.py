"""Keys of kiosks and displays: made, rotated, revoked and recorded; and browsers that are paired with one."""

from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.db import transaction
from django.http import HttpRequest

from garden.access.audit_log import record
from garden.models import Display, Kiosk, KioskKey
from garden.models.audit import AuditKind

SESSION_KEY = "kiosk_key"
"""Where a paired browser's session names the key it was paired with; never the key itself."""
OVERLAP = timedelta(hours=24)
PAIRED_FOR_SECONDS = 365 * 24 * 3600

Device: TypeAlias = Kiosk | Display


@transaction.atomic
def make_key(*, device: Device, name: str, expires: datetime | None = None) -> tuple[KioskKey, str]:
    """The row and the key, which is stored nowhere."""
    owner: dict[str, Any] = {"kiosk" if isinstance(device, Kiosk) else "display": device}
    made, key = KioskKey.objects.create_key(name=name, expiry_date=expires, **owner)
    record_key(AuditKind.KEY_MADE, made)
    return made, key


@transaction.atomic
def rotate_key(*, key: KioskKey, overlap: timedelta | None = None) -> tuple[KioskKey, str]:
    """A new key for the same device; the old one opens for OVERLAP more, or for `overlap`."""
    lasts = OVERLAP if overlap is None else overlap
    made, secret = key.rotate(lasts)
    record_key(AuditKind.KEY_ROTATED, key, follower=made.prefix)
    return made, secret


@transaction.atomic
def revoke_key(*, key: KioskKey) -> None:
    key.revoke()
    record_key(AuditKind.KEY_REVOKED, key)


def record_key(kind: str, key: KioskKey, **detail: Any) -> None:
    record(kind, f"{key.prefix} {key.name} ({key.scope} {key.device})", **detail)


def usable_key(key: str) -> KioskKey | None:
    """The row of a key that opens something now."""
    try:
        found = KioskKey.objects.get_from_key(key)
    except KioskKey.DoesNotExist:
        return None
    return found if isinstance(found, KioskKey) else None


def note_use(key: KioskKey) -> Device:
    """The key's device, which was just seen."""
    key.mark_used()
    if isinstance(key.device, Kiosk):
        key.device.mark_seen()
    return key.device


def pair_browser(request: HttpRequest, key: str) -> KioskKey | None:
    """Remember in the session which key it was; None if it opens nothing."""
    found = usable_key(key)
    if found is None:
        return None
    request.session.cycle_key()
    request.session[SESSION_KEY] = found.pk
    request.session.set_expiry(PAIRED_FOR_SECONDS)
    return found


def paired_key(request: HttpRequest) -> KioskKey | None:
    """The key that this browser was paired with, while it opens something. It goes on with the key's follower."""
    key_id = request.session.get(SESSION_KEY)
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
