"""A picture and its twin: many are made in pairs, the same one wide and tall, their keys a letter apart."""

from collections.abc import Sequence

from garden.models import Image, Zone

_ENDING = ".jpeg"
_OTHER = {"h": "v", "v": "h"}


def as_seen_in(zone: Zone, images: Sequence[Image]) -> list[Image]:
    """Each picture, or its twin where the zone's known screens all stand the other way: nobody would see it there."""
    ways = set(zone.displays.filter(is_active=True).order_by().values_list("orientation", flat=True))
    if len(ways) != 1:
        return list(images)
    wanted = {image.pk: _twin_key(image.key) for image in images if image.orientation not in ways}
    twins = {twin.key: twin for twin in Image.objects.serving().filter(key__in=wanted.values(), orientation__in=ways)}
    return [twins.get(wanted.get(image.pk, ""), image) for image in images]


def _twin_key(key: str) -> str:
    stem = key.removesuffix(_ENDING)
    return f"{stem[:-1]}{_OTHER[stem[-1]]}{_ENDING}" if stem != key and stem[-1:] in _OTHER else ""
