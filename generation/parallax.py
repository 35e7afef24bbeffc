"""Two layers of painter pictures on walls: what is near, cut out, and what is behind it. Walls move them slowly.

The painter makes the same picture again from its record; what it painted after the ground is near. A picture that was
changed since, or that has nothing near, is shown as it is.
"""

import io

import cv2
import numpy as np
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image as PillowImage

from garden.models import Image, Zone
from garden.storage.thumbnails import write_parallax
from garden.walls.service import renew
from generation.backends import get_engine
from generation.engines.base import PictureRequest
from generation.engines.painter.engine import PainterEngine
from generation.engines.painter.palette import Pixels

AT_ONCE = 2
"""Pictures that are painted again in one run: those that visitors watch grow wait for it."""
_CHANGED = 24
"""Values differ by more than this where something near was painted."""
_NEAR = (0.02, 0.6)
"""The least and the largest share of the picture that may be near."""
_SAME = 3.0
"""Mean difference of values of two pictures of 64 × 64 that show the same."""
_FEATHER = 9
"""Width in pixels of the soft edge of what is near, at 1280 pixels."""


def make_parallax() -> int:
    """Write the layers of pictures on walls that have none yet, and tell their walls. Returns how many were made."""
    shown = Image.objects.filter(assignments__isnull=False, origin="painter", parameters__parallax__isnull=True)
    made = 0
    for image in shown.distinct().order_by("pk")[:AT_ONCE]:
        layers = parallax_of(image)
        if layers is not None:
            write_parallax(image.key, *map(_webp, layers))
            made += 1
        with transaction.atomic():
            locked = Image.objects.select_for_update().get(pk=image.pk)
            locked.parameters["parallax"] = layers is not None
            locked.save(update_fields=["parameters"])
            for zone in Zone.objects.filter(assignments__image=image).distinct() if layers is not None else ():
                renew(zone)
    return made


def parallax_of(image: Image) -> tuple[PillowImage.Image, PillowImage.Image] | None:
    """The picture without what is near (RGB), and what is near (RGBA); None where it cannot be told apart."""
    engine = get_engine("painter")
    seed = image.parameters.get("seed")
    if not isinstance(engine, PainterEngine) or seed is None:
        return None
    steps = {}
    for name, pixels in engine.layers(PictureRequest(image.prompt, image.width, image.height, seed)):
        steps[name] = pixels.copy()
    if not {"ground", "blossoms", "light"} <= steps.keys() or not _is_same(image, steps["light"]):
        return None
    return cut_out(steps["ground"], steps["blossoms"], steps["light"])


def cut_out(ground: Pixels, whole: Pixels, light: Pixels) -> tuple[PillowImage.Image, PillowImage.Image] | None:
    """As `parallax_of`, from the picture after its ground, its blossoms and its light; height × width × 3 each."""
    scale = max(light.shape) / 1280
    size = max(3, round(_FEATHER * scale)) | 1
    changed = np.abs(whole.astype(np.int16) - ground).max(2) > _CHANGED
    closed = cv2.morphologyEx(changed.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    least, most = _NEAR
    if not least <= closed.mean() <= most:
        return None
    alpha = cv2.GaussianBlur(closed * 255, (size, size), 0)
    lit = ground.astype(np.float32) * ((light + np.float32(8)) / (whole + np.float32(8)))
    hidden = cv2.dilate(closed, np.ones((size, size), np.uint8))[..., None] > 0
    far = np.where(hidden, lit.clip(0, 255).astype(np.uint8), light)
    return PillowImage.fromarray(far), PillowImage.fromarray(np.dstack([light, alpha]))


def _is_same(image: Image, pixels: Pixels) -> bool:
    with default_storage.open(image.key) as file, PillowImage.open(file) as stored:
        small = np.asarray(stored.convert("RGB").resize((64, 64)), np.int16)
    again = np.asarray(PillowImage.fromarray(pixels).resize((64, 64)), np.int16)
    return float(np.abs(small - again).mean()) <= _SAME


def _webp(layer: PillowImage.Image) -> bytes:
    file = io.BytesIO()
    layer.save(file, "WEBP", quality=85)
    return file.getvalue()
