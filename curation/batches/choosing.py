"""Which pictures a batch is for, as curators choose them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from curation.library.filters import ImageFilter
from garden.models import Image
from generation.models import Version
from generation.retouch.batch.orders import MOST, PORTION
from generation.retouch.pixels import encode_png
from generation.retouch.settings import BadRecipeError
from generation.retouch.versions import MASK, layer


def usable(ids: Sequence[int]) -> list[int]:
    """Those of these pictures that are there and not in the trash, in the same order."""
    kept: set[int] = set()
    for start in range(0, len(ids), PORTION):
        part = Image.objects.filter(pk__in=ids[start : start + PORTION]).exclude(state=Image.State.TRASH)
        kept.update(part.values_list("pk", flat=True))
    return [pk for pk in ids if pk in kept]


def ids_of(given: Mapping[str, Any], without: Sequence[int] = ()) -> list[int]:
    """What a filter shows, newest first as its list does, without some. Raises InvalidFilterError, BadRecipeError."""
    left_out, asked = set(without), ImageFilter.from_json(given)
    if asked.state == Image.State.TRASH:
        raise BadRecipeError("filter", "shows the trash: restore its pictures first")
    wanted = asked.apply(Image.objects.all()).order_by("-id")
    ids = list(wanted.values_list("pk", flat=True)[: MOST + len(left_out) + 1])
    chosen = [pk for pk in ids if pk not in left_out]
    if len(chosen) > MOST:
        raise BadRecipeError("filter", f"shows more than {MOST:,} pictures: choose a part of them")
    return chosen


def mask_of(version: Version) -> bytes:
    """A version's mask in the whole of its picture. Raises NotFinishedError."""
    canvas = version.canvas
    whole = np.zeros((canvas.height, canvas.width), np.uint8)
    whole[version.crop.window] = layer(version, MASK)
    return encode_png(whole)
