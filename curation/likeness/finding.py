"""Which known pictures look like one: a few hundred index entries are read, however many pictures there are."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from curation.likeness.bands import BANDS, GRADIENT_FACTOR, as_unsigned, bands_of, distance_between, values_near
from curation.models import Likeness


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A picture that looks like the one asked about; `distance` in bits of the perceptual hash."""

    image: int
    distance: int
    group: int | None


def find_neighbours(likeness: Likeness, distance: int | None = None) -> list[Neighbour]:
    """All of them, whatever their state, the nearest first; not the picture itself."""
    most = settings.LOOKALIKE_DISTANCE if distance is None else distance
    bands = bands_of(as_unsigned(likeness.phash))
    parts = [_with_band(number, values_near(bands[number], most)) for number in range(BANDS)]
    found = [
        Neighbour(image, distance_between(phash, likeness.phash), group)
        for image, phash, dhash, group in parts[0].union(*parts[1:])
        if image != likeness.image_id
        and distance_between(phash, likeness.phash) <= most
        and distance_between(dhash, likeness.dhash) <= GRADIENT_FACTOR * most
    ]
    return sorted(found, key=lambda neighbour: (neighbour.distance, neighbour.image))


def _with_band(number: int, values: list[int]) -> Any:
    rows = Likeness.objects.filter(**{f"band_{number}__in": values})
    return rows.order_by().values_list("image_id", "phash", "dhash", "group_id")
