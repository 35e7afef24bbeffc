"""Keys of devices: made, followed by new ones, revoked; each is told in the trail, the key itself to who asked."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from garden.access.trail import record
from garden.models import Display, Kiosk, KioskKey
from garden.models.audit import AuditKind


@transaction.atomic
def make_key(*, device: Kiosk | Display, name: str, expires: datetime | None = None) -> tuple[KioskKey, str]:
    """The row and the key, which is nowhere to be found afterwards."""
    owner: dict[str, Any] = {"kiosk" if isinstance(device, Kiosk) else "display": device}
    made, key = KioskKey.objects.create_key(name=name, expiry_date=expires, **owner)
    tell_of_key(AuditKind.KEY_MADE, made)
    return made, key


@transaction.atomic
def rotate_key(*, key: KioskKey, overlap: timedelta | None = None) -> tuple[KioskKey, str]:
    """A new key for the same device; the old one opens for KIOSK_KEY_OVERLAP_HOURS more, or for `overlap`."""
    lasts = timedelta(hours=settings.KIOSK_KEY_OVERLAP_HOURS) if overlap is None else overlap
    made, secret = key.rotate(lasts)
    tell_of_key(AuditKind.KEY_ROTATED, key, follower=made.prefix)
    return made, secret


@transaction.atomic
def revoke_key(*, key: KioskKey) -> None:
    key.revoke()
    tell_of_key(AuditKind.KEY_REVOKED, key)


def tell_of_key(kind: str, key: KioskKey, **detail: Any) -> None:
    record(kind, f"{key.prefix} {key.name} ({key.scope} {key.device})", **detail)
