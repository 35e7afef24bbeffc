"""Thumbnails in lists: the first pictures of each row, in as many queries for fifty rows as for one."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.core.files.storage import default_storage
from django.db.models import Model, QuerySet, Subquery

from garden.models import Image, ImageFile
from garden.storage.thumbnails import thumbnail_key

PER_ROW = 4


class Preview(NamedTuple):
    key: str
    address: str


def previews(images: Iterable[Image]) -> dict[int, Preview]:
    """By id, the address of the thumbnail, or of the picture where none was made."""
    known = {image.pk: image.key for image in images}
    small = ImageFile.objects.with_thumbnail(known)
    return {
        pk: Preview(key, default_storage.url(thumbnail_key(key) if pk in small else key)) for pk, key in known.items()
    }


def first_pictures(rows: Sequence[Model], pictures: QuerySet[Any]) -> dict[Any, list[Preview]]:
    """By id of a row, its first pictures that still exist.

    `pictures` are those of `OuterRef("pk")`, in the order of an index, so that a row of 100,000 costs what one of four
    does.
    """
    if not rows:
        return {}
    firsts = [Subquery(pictures.values("image")[place : place + 1]) for place in range(PER_ROW)]
    named = {f"picture_{place}": first for place, first in enumerate(firsts)}
    found = type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows]).values_list("pk", *named.values())
    ids = {pk: [image for image in images if image] for pk, *images in found}
    shown = previews(Image.objects.filter(pk__in={image for images in ids.values() for image in images}))
    return {pk: [shown[image] for image in images if image in shown] for pk, images in ids.items()}
