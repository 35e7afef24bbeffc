"""The key that the settings name, if it was made."""

import logging
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from generation.provenance.certificates import anchors_path, load_signing_key
from generation.provenance.signing import SiteSigner

logger = logging.getLogger(__name__)


def site_signer() -> SiteSigner | None:
    """Who signs this site's pictures; nobody without a key or with PROVENANCE_SIGNING off.

    With a key that has ended pictures are made unsigned: they are worth more than their signature.
    A key that is made or renewed is met by the next picture. Raises MisconfiguredError when it cannot be read.
    """
    path = Path(settings.PROVENANCE_KEY)
    if not settings.PROVENANCE_SIGNING or not path.exists():
        return None
    signer = _signer(path, path.stat().st_mtime_ns)
    if signer.signing_key.expires_at <= datetime.now(UTC):
        logger.error("The signing key has ended; pictures are made unsigned. manage.py make_signing_key --renew")
        return None
    return signer


def site_anchors() -> str:
    """PEM of the authorities whose signatures are this site's own, of earlier keys too; may be empty."""
    path = Path(settings.PROVENANCE_KEY)
    anchors = anchors_path(path)
    kept = anchors.read_text(encoding="ascii") if anchors.exists() else ""
    own = load_signing_key(path).anchor if path.exists() else ""
    return kept if own in kept else kept + own


@lru_cache(maxsize=1)
def _signer(path: Path, changed_at: int) -> SiteSigner:
    return SiteSigner(load_signing_key(path))
