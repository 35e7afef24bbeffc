"""Pictures from elsewhere: an uploaded file is read within bounds, encoded again, and waits in the pool."""

import hashlib
import re
from datetime import UTC, datetime
from pathlib import PurePath

import PIL.Image

from garden.models import Image
from garden.services import save_image, write_image
from garden.souvenirs.provenance import read_xmp
from generation.engines.base import LETTERS, orientation_of_size
from generation.orders import folder_of
from generation.provenance import DigitalSourceType, Facts, encode_facts
from generation.retouch.pixels import read_picture
from generation.retouch.render import FINE

ORIGIN = "import"
_SEPARATORS = re.compile(r"[\W_]+")


def upload_picture(*, content: bytes, name: str, emotion: str = "", favorite: str = "") -> tuple[Image, bool]:
    """The picture of the pool that a JPEG, PNG or WebP becomes, and whether it is new.

    The same file in the same folder is one picture. Nothing of the file but its pixels is kept; how it was made (IPTC's
    digital source type) is, where the file says so. The words of its name become its prompt, so that search finds it.
    Raises BadLayerError, InvalidKeyError.
    """
    pixels = read_picture(content)
    height, width = pixels.shape[:2]
    letter = LETTERS[orientation_of_size(width, height)]
    key = f"{folder_of(emotion, favorite)}/img_{hashlib.sha256(content).hexdigest()[:20]}{letter}.jpeg"
    if known := Image.objects.filter(key=key).first():
        return known, False
    prompt = _SEPARATORS.sub(" ", PurePath(name).stem).strip()[:200]
    found = read_xmp(content).get("Iptc4xmpExt:DigitalSourceType")
    facts = Facts(
        source_type=DigitalSourceType(found) if found in set(DigitalSourceType) else None,
        engine=ORIGIN,
        model="",
        prompt=prompt,
        made_at=datetime.now(UTC).replace(microsecond=0),
    )
    encoded = encode_facts(PIL.Image.fromarray(pixels), facts, **FINE)
    return save_image(write_image(key=key, content=encoded, origin=ORIGIN, prompt=prompt)), True
