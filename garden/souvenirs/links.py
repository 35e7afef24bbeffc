"""Short random links: made, found again, swept."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from garden.models import Image, SouvenirLink
from garden.models.souvenir_link import CODE_LENGTH

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's 32: five bits a letter, 60 a code, and none that is read as another."""
_MISREAD = str.maketrans("oil", "011")
REMEMBERED = timedelta(days=30)
"""How long an ended link still says that it has ended; after that it is as unknown as any other."""


def link_for(image: Image) -> SouvenirLink:
    """The picture's link that lives longest, while half of its life is left; else a new one."""
    return _lasting(image) or _make_once(image)


def find_link(code: str) -> SouvenirLink | None:
    """The link of a code, also of one that was typed by hand: case and look-alike letters do not matter."""
    return SouvenirLink.objects.filter(code=code.lower().translate(_MISREAD)).select_related("image").first()


def sweep_links(now: datetime | None = None) -> int:
    """Delete links that ended long enough ago; returns how many."""
    return SouvenirLink.objects.filter(expires_at__lte=(now or timezone.now()) - REMEMBERED).delete()[0]


def _lasting(image: Image) -> SouvenirLink | None:
    enough = timezone.now() + _life() / 2
    return SouvenirLink.objects.filter(image=image, expires_at__gte=enough).order_by("-expires_at", "id").first()


@transaction.atomic
def _make_once(image: Image) -> SouvenirLink:
    """Two kiosks at once: the second waits for the first one's and takes it."""
    Image.objects.select_for_update().get(pk=image.pk)
    return _lasting(image) or SouvenirLink.objects.create(
        image=image, code=_new_code(), expires_at=timezone.now() + _life()
    )


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def _life() -> timedelta:
    return timedelta(days=settings.SOUVENIR_DAYS)
