"""Pictures and edits to test the retouch studio with."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from garden.models import Image
from garden.services import register_image
from generation.models import Canvas, Version
from generation.queue.worker import work
from generation.retouch.edits import Edit, submit_retouch
from generation.retouch.pixels import encode_png, encode_shown
from generation.retouch.settings import Crop, RetouchSettings
from generation.retouch.versions import open_image

CROP = Crop(30, 20, 80, 72)


def noisy(height: int = 120, width: int = 160, seed: int = 1) -> NDArray[np.uint8]:
    """A picture whose every pixel would show a change."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def picture(name: str = "a", *, folder: str = "imgPool/calm", content: bytes = b"", **described: Any) -> Image:
    """A picture with its file, 160×120."""
    content = content or encode_shown(noisy(seed=len(name)), "jpeg")
    return register_image(key=f"{folder}/img_{name}_0h.jpeg", content=content, origin="painter", **described)


def spot(crop: Crop = CROP, margin: int = 24) -> bytes:
    """A mask in the middle of a crop."""
    mask = np.zeros((crop.height, crop.width), np.uint8)
    mask[margin:-margin, margin:-margin] = 255
    return encode_png(mask)


def edit(canvas: Canvas, *, crop: Crop = CROP, parent: Version | None = None, **settings: Any) -> Edit:
    asked = RetouchSettings.from_json({"feather": 8, "seed": 7, **settings})
    return Edit(canvas=canvas, crop=crop, settings=asked, parent=parent, mask=spot(crop))


def ask(edits: Sequence[Edit], by: Any = None, **described: Any) -> list[Version]:
    return submit_retouch(edits=edits, by=by, **described)[1]


def made(canvas: Canvas | None = None, **settings: Any) -> Version:
    """A finished version by the quick engine."""
    [version] = ask([edit(canvas or open_image(image=picture(), by=None), **settings)])
    work(engines=["quick"])
    version.refresh_from_db()
    return version
