"""Whether a stored picture is as this site made it: verified on the server, cached by the file's content."""

import hashlib
import logging
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import default_storage

from garden.models import Image
from garden.souvenirs.provenance import ProvenanceFinding, Signature, examine

logger = logging.getLogger(__name__)
REMEMBERED_SECONDS = 3600
_CERTIFICATE = "-----BEGIN CERTIFICATE-----"


def check_picture(image: Image) -> ProvenanceFinding | None:
    """The provenance that the picture's file states and proves; None where it could not be checked."""
    anchors = _site_anchors()
    name = f"provenance-{hashlib.sha256(f'{image.content_hash} {anchors}'.encode()).hexdigest()}"
    found: ProvenanceFinding | None = caches["local"].get(name)
    if found is None:
        found = _check(image, anchors)
        if found is not None:
            caches["local"].set(name, found, REMEMBERED_SECONDS)
    return found


def _check(image: Image, anchors: str) -> ProvenanceFinding | None:
    try:
        with default_storage.open(image.key) as file:
            data: bytes = file.read()
        if hashlib.sha256(data).hexdigest() != image.content_hash:
            return ProvenanceFinding(Signature.BROKEN, problems=("the file is not the one that was stored",))
        return examine(data, anchors)
    except (OSError, ImportError) as error:  # The store is away, or the site was installed without c2pa.
        logger.warning("The provenance of %s could not be checked: %s", image.key, error)
        return None


def _site_anchors() -> str:
    """PEM of the authorities that sign for this site: of earlier keys, and of the one in use."""
    path = Path(settings.PROVENANCE_KEY)
    # The last certificate of the chain vouches for the leaf; a key file without certificates vouches for nothing.
    before, mark, last = _text_of(path).rpartition(_CERTIFICATE)
    return _text_of(path.with_name("anchors.pem")) + (mark + last if before else "")


def _text_of(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.is_file() else ""
