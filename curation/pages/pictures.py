"""Parts of long lists of pictures: each small where that is made already, whole where it is not."""

from typing import Any

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import HttpRequest

from curation.pages.pagination import Part, part_of
from garden.models import Thumbnail
from garden.storage.thumbnails import thumbnail_key

PICTURES = 120


def part_of_pictures(request: HttpRequest, rows: QuerySet[Any], *, name: str = "before") -> Part:
    """Rows that have an `image`, or had one; their `address` is for those that still have."""
    part = part_of(request, rows.select_related("image"), PICTURES, name=name)
    living = [row for row in part.rows if row.image]
    small = Thumbnail.objects.made_of([row.image_id for row in living])
    for row in living:
        key = row.image.key
        row.address = default_storage.url(thumbnail_key(key) if row.image_id in small else key)
    return part
