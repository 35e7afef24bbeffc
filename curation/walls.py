"""Curators hang pictures: those of the garden, also where they stand before its original."""

from collections.abc import Sequence

from curation.errors import NotPublishedError
from garden.models import Image
from garden.walls.service import find_pictures

States = Image.State


def pictures_to_hang(keys: Sequence[str]) -> list[Image]:
    """In their order; of an original the copy that is in the garden.

    Raises NotPublishedError for what visitors cannot see, UnknownPictureError for what is not there.
    """
    known = Image.objects.select_related("published_as").by_key_or_url(keys)
    wanted = [_in_the_garden(known[key]) if key in known else key for key in keys]
    return find_pictures(wanted)


def _in_the_garden(image: Image) -> str:
    copy: Image | None = getattr(image, "published_as", None) if image.state == States.PUBLISHED else image
    if copy is None or copy.state != States.SERVING:
        raise NotPublishedError(
            "This picture is not in the garden now, so it cannot hang on a wall. Publish it first.", key=image.key
        )
    return copy.key
