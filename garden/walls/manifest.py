"""What a wall shows: every slot of its zone at one version."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.urls import reverse

from garden.models import Image, Zone
from garden.models.image import GROWN_STATES
from garden.models.wall import DARK
from garden.souvenirs.links import link_for, souvenir_address
from garden.storage.thumbnails import PARALLAX
from garden.walls.slots import slot_name

KEPT_SECONDS = 3600
_OF_ZONE = ("name", "title", "version", "changed_at", "playing", "shows_code")
_OF_IMAGE = ("pk", "key", "content_hash", "emotion", "width", "height", "state", "grown_at", "parameters")
_OF_SLOT = ("assignments__orientation", "assignments__number", *(f"assignments__image__{name}" for name in _OF_IMAGE))


@dataclass(frozen=True, slots=True)
class Manifest:
    version: int
    body: bytes


def read_version(zone: str) -> tuple[int, str] | None:
    """Version and the moment of the last change, in one small query: all that most polls cost."""
    found = Zone.objects.filter(name=zone).values_list("version", "changed_at").first()
    return found and (found[0], found[1].isoformat())


def manifest_of(zone: str, moment: tuple[int, str], base: str) -> Manifest | None:
    """The zone as it was at that moment, or later; read once for all who ask. `base` begins souvenir addresses."""
    name = hashlib.sha256(repr((zone, moment, base)).encode()).hexdigest()
    kept: Manifest | None = caches["local"].get(name)
    if kept is None:
        kept = _make(zone, base)
        caches["local"].set(name, kept, KEPT_SECONDS)
    return kept


def _make(zone: str, base: str) -> Manifest | None:
    """One statement reads it all: two could see a change between them."""
    rows = list(Zone.objects.filter(name=zone).values(*_OF_ZONE, *_OF_SLOT))
    if not rows:
        return None
    return Manifest(rows[0]["version"], json.dumps(_content(rows, base), ensure_ascii=False).encode())


def _content(rows: list[dict[str, Any]], base: str) -> dict[str, Any]:
    zone = rows[0]
    return {
        "zone": zone["name"],
        "title": zone["title"],
        "version": zone["version"],
        "issued_at": zone["changed_at"].isoformat(),
        "dark": zone["playing"] == DARK,
        "shows_code": zone["shows_code"],
        "slots": dict(sorted(_slots(rows, base))),
    }


def _slots(rows: list[dict[str, Any]], base: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in rows:
        image = {name: row[f"assignments__image__{name}"] for name in _OF_IMAGE}
        if image["pk"] is None or not Image(state=image["state"], grown_at=image["grown_at"]).is_for_walls:
            continue
        souvenir = souvenir_address(base, link_for(Image(pk=image["pk"]))) if row["shows_code"] else ""
        yield (
            slot_name(row["assignments__orientation"], row["assignments__number"]),
            {
                "key": image["key"],
                "url": reverse("picture", args=[0, image["key"]]),
                "sha256": image["content_hash"],
                "emotion": image["emotion"],
                "width": image["width"],
                "height": image["height"],
                "souvenir": souvenir,
                "stages": _stages(image) if settings.WALLS_SHOW_GROWTH else [],
                "layers": _layers(image) if settings.WALLS_PARALLAX else [],
            },
        )


def _stages(image: dict[str, Any]) -> list[str]:
    """Of the picture that grew; a published copy of it has none."""
    is_grown = image["grown_at"] is not None and image["state"] in GROWN_STATES
    count = image["parameters"].get("stages", 0) if is_grown else 0
    return [reverse("picture-stage", args=[number + 1, image["key"]]) for number in range(count)]


def _layers(image: dict[str, Any]) -> list[str]:
    """What is far and what is near, where that was made."""
    made = image["parameters"].get("parallax", False)
    return [reverse("picture-layer", args=[layer, image["key"]]) for layer in PARALLAX if made]
