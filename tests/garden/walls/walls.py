"""Pictures for walls, and what is to be seen there."""

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone

from garden.models import Image, Zone
from garden.walls.slots import slot_name, slot_place
from tests.support.factories import ImageFactory

_numbers = itertools.count(1)


def picture(emotion: str, side: str = "h", **more: Any) -> Image:
    made: Image = ImageFactory.create(key=f"emotions/{emotion}/wall_{next(_numbers)}_0{side}.jpeg", **more)
    return made


def landscapes(count: int, emotion: str = "calm") -> list[Image]:
    return [picture(emotion) for _ in range(count)]


def portraits(count: int, emotion: str = "calm") -> list[Image]:
    return [picture(emotion, "v", width=800, height=1280) for _ in range(count)]


def keys_on(zone: Zone) -> dict[str, str]:
    """Key of the picture by slot."""
    rows = zone.assignments.values_list("orientation", "number", "image__key")
    return {slot_name(orientation, number): key for orientation, number, key in rows}


def age(zone: Zone, slot: str, **ago: float) -> None:
    """As if what hangs there had hung so long."""
    orientation, number = slot_place(slot)
    since = timezone.now() - timedelta(**ago)
    zone.assignments.filter(orientation=orientation, number=number).update(assigned_at=since)
