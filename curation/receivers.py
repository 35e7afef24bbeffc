"""Answers to signals of `garden`: pictures that were decoded, and files without a row.

A publication writes such files, a purge deletes them. What takes its time is imported when a signal comes.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from curation.models import ActItem

if TYPE_CHECKING:
    from PIL import Image as Pillow

    from garden.models import Image


def keys_of_open_acts(sender: object, keys: Collection[str], **_: Any) -> set[str]:
    """Those of the keys whose file is being copied by a publication or is about to be deleted by a purge."""
    items = ActItem.objects.filter(key__in=keys)
    open_items = items.filter(Q(pk__in=items.purging()) | Q(pk__in=items.publishing()))
    return set(open_items.values_list("key", flat=True))


def purged_keys(sender: object, keys: Collection[str], **_: Any) -> set[str]:
    """Those of the keys whose picture somebody deleted for ever."""
    return set(ActItem.objects.purged().filter(key__in=keys).values_list("key", flat=True))


def fingerprint_picture(image: "Image", small: "Pillow.Image", **_: Any) -> None:
    """Compare a picture that was decoded with all others; `small` is its small copy."""
    from curation.duplicates.groups import place_picture
    from curation.duplicates.hashing import hash_picture

    place_picture(image=image, hashed=hash_picture(small))
