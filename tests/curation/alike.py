"""Pictures that look alike, without files."""

from typing import Any

from curation.duplicates.groups import place_picture
from curation.duplicates.hashing import PictureHash
from curation.models import Fingerprint
from tests.support.factories import ImageFactory

GRADIENT = 0x0F0F_0F0F_0F0F_0F0F


def placed(phash: int, dhash: int = GRADIENT, sharpness: float = 1.0, **described: Any) -> Fingerprint:
    """A picture with this look, in its group."""
    return place_picture(image=ImageFactory(**described), hashed=PictureHash(phash, dhash, sharpness))


def group_ids() -> list[int]:
    """Of all groups, whatever was said of them."""
    return sorted({group for group in Fingerprint.objects.values_list("group", flat=True) if group is not None})


def open_sizes() -> list[int]:
    """Of the groups that wait for a resolution, the newest first."""
    return [row["size"] for row in Fingerprint.objects.open_groups()]
