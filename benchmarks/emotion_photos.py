"""Photos for `benchmarks.emotion`: a folder's, or some derived from the pictures that scikit-image brings."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import skimage
from PIL import Image, ImageEnhance

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
SIDE = 350


@dataclass(frozen=True, slots=True)
class Sample:
    """A photo as a client sends it; `face`: whether it shows a face, None if unknown."""

    name: str
    data: bytes
    face: bool | None = None

    @property
    def decoded(self) -> Image.Image:
        return Image.open(io.BytesIO(self.data)).convert("RGB")


def photos(folder: Path | None, limit: int) -> list[Sample]:
    """At most `limit` photos of a folder, in the order of their names; without a folder the built-in ones."""
    if folder is None:
        return list(_built_in())
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    return [Sample(path.name, path.read_bytes()) for path in paths[:limit]]


def _built_in() -> Iterator[Sample]:
    """Eight times the astronaut, four times no face; 350 × 350, as a kiosk would send them."""
    astronaut = Image.fromarray(skimage.data.astronaut())
    close = astronaut.crop((120, 20, 330, 230))
    yield from (
        Sample(name, _jpeg(image), face=True)
        for name, image in {
            "astronaut": astronaut,
            "closer": astronaut.crop((50, 0, 400, 350)),
            "close": close,
            "mirrored": astronaut.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
            "tilted": astronaut.rotate(15, Image.Resampling.BICUBIC),
            "dark": ImageEnhance.Brightness(close).enhance(0.5),
            "bright": ImageEnhance.Brightness(close).enhance(1.4),
            "grainy": _grainy(close),
        }.items()
    )
    for name in ("chelsea", "coffee", "rocket", "hubble_deep_field"):
        yield Sample(name, _jpeg(Image.fromarray(getattr(skimage.data, name)())), face=False)


def _grainy(image: Image.Image) -> Image.Image:
    pixels = np.asarray(image.resize((SIDE, SIDE))).astype(np.int16)
    grain = np.random.default_rng(0).integers(-25, 26, pixels.shape)
    return Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))


def _jpeg(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.resize((SIDE, SIDE)).save(stream, "JPEG", quality=90)
    return stream.getvalue()
