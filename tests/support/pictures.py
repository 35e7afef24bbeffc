"""Real pictures to test with: an astronaut's portrait, things without a face, and broken files."""

import io
from functools import cache

import numpy as np
from PIL import Image, ImageOps
from skimage import data


def encode(image: Image.Image, file_format: str = "JPEG", **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, file_format, **options)
    return stream.getvalue()


@cache
def astronaut() -> Image.Image:
    """NASA's portrait of Eileen Collins, 512×512: smiling, no glasses."""
    return Image.fromarray(data.astronaut())


@cache
def portrait(file_format: str = "JPEG") -> bytes:
    return encode(astronaut(), file_format)


@cache
def coffee() -> bytes:
    """A photograph with nobody in it."""
    return encode(Image.fromarray(data.coffee()))


def turned_portrait() -> bytes:
    """The portrait lying on its side, with the EXIF orientation that puts it upright."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return encode(astronaut().rotate(90, expand=True), exif=exif)


def two_faces() -> bytes:
    """The portrait, and a smaller copy of it beside."""
    canvas = Image.new("RGB", (1024, 512), "gray")
    canvas.paste(astronaut(), (0, 0))
    canvas.paste(ImageOps.contain(astronaut(), (300, 300)), (650, 100))
    return encode(canvas)


def noisy_portrait(side: int) -> bytes:
    """The portrait enlarged and grained until its file is megabytes."""
    pixels = np.asarray(astronaut().resize((side, side))).astype(np.int16)
    grain = np.random.default_rng(0).integers(-40, 40, pixels.shape)
    return encode(Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8)), quality=96)
