"""Zones and pictures by the names that clients give."""

from collections.abc import Sequence

from garden.models import Image, Zone
from garden.walls.errors import UnknownPictureError, UnknownZoneError


def find_zone(name: str) -> Zone:
    """Raises UnknownZoneError."""
    zone = Zone.objects.filter(name=name).first()
    if zone is None:
        raise UnknownZoneError(f"There is no zone {name!r}.", zone=name)
    return zone


def find_pictures(texts: Sequence[str]) -> list[Image]:
    """The pictures of keys or URLs, in their order. Raises UnknownPictureError naming the first that is none."""
    found = Image.objects.serving().by_key_or_url(texts)
    for text in texts:
        if text not in found:
            raise UnknownPictureError(f"There is no picture {text!r} in the garden.", key=text)
    return [found[text] for text in texts]
