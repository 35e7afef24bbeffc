"""System checks of the signing key."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, register

from garden.errors import MisconfiguredError

EARLY = timedelta(days=60)


@register()
def check_signing_key(**kwargs: Any) -> list[CheckMessage]:
    """An unreadable key is an error; one that others may read, or that soon expires, a warning."""
    from generation.provenance.certificates import load_signing_key  # Brings all of cryptography: not for every start.

    path = Path(settings.PROVENANCE_KEY)
    if not settings.PROVENANCE_SIGNING or not path.exists():
        return []
    try:
        expires_at = load_signing_key(path).expires_at
    except MisconfiguredError as error:
        return [checks.Error(error.detail, id="generation.signing_key")]
    return [*_check_readers(path), *_check_expiry(expires_at)]


def _check_readers(path: Path) -> list[CheckMessage]:
    if path.stat().st_mode & 0o007:
        return [checks.Warning(f"{path} can be read by everybody: chmod 600.", id="generation.signing_key_open")]
    return []


def _check_expiry(expires_at: datetime) -> list[CheckMessage]:
    if expires_at - datetime.now(UTC) >= EARLY:
        return []
    words, hint = f"The signing key ends on {expires_at:%Y-%m-%d}.", "manage.py make_signing_key --renew"
    return [checks.Warning(words, hint=hint, id="generation.signing_key_ends")]
