"""What hangs in each zone: eight landscape and eight portrait slots."""

from collections import defaultdict
from typing import Any

from curation.fleet.thumbs import Thumbs
from garden.models import Hanging, Zone
from garden.models.display import SLOTS
from garden.walls.slots import slot_name

NAMES = [slot_name(orientation, number) for orientation in ("landscape", "portrait") for number in SLOTS]


class Plans:
    def __init__(self) -> None:
        self._zones = list(Zone.objects.all())
        self._hanging: defaultdict[int, dict[str, str]] = defaultdict(dict)
        hanging = Hanging.objects.shown().values_list("zone", "orientation", "number", "image__key")
        for zone, orientation, number, key in hanging:
            self._hanging[zone][slot_name(orientation, number)] = key

    def pictures(self) -> set[str]:
        return {key for slots in self._hanging.values() for key in slots.values()}

    def described(self, thumbs: Thumbs) -> list[dict[str, Any]]:
        return [
            {"name": zone.name, "title": zone.title, "dark": zone.is_dark, "slots": self._slots(zone, thumbs)}
            for zone in self._zones
        ]

    def _slots(self, zone: Zone, thumbs: Thumbs) -> list[dict[str, str]]:
        hanging = self._hanging[zone.pk]
        keys = [(name, hanging.get(name, "")) for name in NAMES]
        return [{"name": name, "key": key, "thumb": thumbs.of(key)} for name, key in keys]
