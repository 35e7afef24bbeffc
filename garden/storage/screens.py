"""Copies of published pictures for screens: as wide as the screen needs, in what its browser reads best."""

import io
from collections.abc import Collection, Iterator

from PIL import Image, ImageOps

SIDES = (640, 1280)
"""Long sides in px; a picture is never enlarged."""
FORMS = {"avif": {"quality": 60, "speed": 8}, "webp": {"quality": 80, "method": 4}}
"""Best first; the original JPEG is for whoever reads neither."""


def screen_key(key: str, name: str) -> str:
    """`640.avif` of a picture lies under `derived/640/{key}.avif`."""
    side, _, form = name.partition(".")
    return f"derived/{side}/{key}.{form}"


def screen_keys(key: str) -> list[str]:
    """Where copies of a picture lie, whether they were made or not."""
    return [screen_key(key, f"{side}.{form}") for side in SIDES for form in FORMS]


def make_screens(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content of each copy; of a picture smaller than a screen there is none for that screen."""
    with Image.open(io.BytesIO(data)) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    for side in SIDES:
        if max(upright.size) < side:
            return
        copy = ImageOps.contain(upright, (side, side), Image.Resampling.LANCZOS)
        for form, options in FORMS.items():
            stream = io.BytesIO()
            copy.save(stream, form.upper(), **options)
            yield f"{side}.{form}", stream.getvalue()


def best_screen(made: Collection[str], side: int, accepted: Collection[str]) -> str:
    """The name of the smallest copy that fills `side` px, in the best form that is accepted; empty for the original."""
    sides = [each for each in SIDES if each >= side] or [SIDES[-1]]
    for each in sides:
        for form in FORMS:
            if f"image/{form}" in accepted and f"{each}.{form}" in made:
                return f"{each}.{form}"
    return ""
