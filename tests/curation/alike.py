"""Pictures that look alike, without files."""

from typing import Any

from curation.likeness.fingerprint import Fingerprint
from curation.likeness.grouping import place_picture
from curation.models import Likeness
from tests.factories import ImageFactory

GRADIENT = 0x0F0F_0F0F_0F0F_0F0F


def placed(phash: int, dhash: int = GRADIENT, sharpness: float = 1.0, **described: Any) -> Likeness:
    """A picture with this look, in its group."""
    return place_picture(image=ImageFactory(**described), fingerprint=Fingerprint(phash, dhash, sharpness))
