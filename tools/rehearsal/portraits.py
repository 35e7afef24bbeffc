"""The faces that a rehearsal shows: drawn ones, or those of a folder. Never a visitor's."""

import io
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageFilter

SIDE = 480
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
SKINS = ((240, 205, 175), (225, 180, 145), (190, 140, 105), (140, 95, 65), (100, 66, 45))
HAIR = ((30, 22, 18), (70, 45, 25), (120, 85, 45), (160, 160, 160))
WHITE, BLACK, BROWN = (245, 243, 240), (10, 10, 10), (60, 40, 25)

Colour = tuple[int, int, int]
Oval = tuple[float, float, float, float, Colour]
"""Middle and radii, as shares of half the face's width and height, from the middle of the face."""


def drawn_portraits(count: int, random: Random) -> list[bytes]:
    """JPEGs with one face each, which the local face analyzer finds."""
    return [_jpeg(_face(random), random) for _ in range(count)]


def empty_room(random: Random) -> bytes:
    """A photo without a face, as a JPEG."""
    room = Image.new("RGB", (SIDE, SIDE), _random_colour(random, 90, 150))
    ImageDraw.Draw(room).rectangle((0, SIDE * 0.7, SIDE, SIDE), fill=_random_colour(random, 40, 90))
    return _jpeg(room, random)


def portraits_in(folder: Path) -> list[bytes]:
    """The pictures of a folder, by name; an empty list where there are none."""
    return [path.read_bytes() for path in sorted(folder.glob("*")) if path.suffix.lower() in SUFFIXES]


def _face(random: Random) -> Image.Image:
    image = Image.new("RGB", (SIDE, SIDE), _random_colour(random, 60, 140))
    draw = ImageDraw.Draw(image)
    middle_x, middle_y = SIDE / 2 + random.uniform(-15, 15), SIDE / 2 + random.uniform(-10, 15)
    width = random.uniform(95, 110)
    height = width * random.uniform(1.28, 1.4)
    skin, hair = random.choice(SKINS), random.choice(HAIR)
    for x, y, rx, ry, colour in [*_head(skin, hair), *_eyes(skin, hair), *_nose(skin), *_mouth(skin, random)]:
        left, right = middle_x + (x - rx) * width, middle_x + (x + rx) * width
        top, bottom = middle_y + (y - ry) * height, middle_y + (y + ry) * height
        draw.ellipse((left, top, right, bottom), fill=colour)
    return image.filter(ImageFilter.GaussianBlur(2.2))


def _head(skin: Colour, hair: Colour) -> list[Oval]:
    shade = _darker(skin, 0.86)
    neck, ears = (0, 1.1, 0.42, 0.5, shade), [(side, 0, 0.14, 0.18, shade) for side in (-1, 1)]
    return [neck, (0, -0.18, 1.18, 1.0, hair), *ears, (0, 0, 1, 1, skin), (0, -0.85, 0.72, 0.3, hair)]


def _eyes(skin: Colour, hair: Colour) -> list[Oval]:
    return [
        oval
        for x in (-0.42, 0.42)
        for oval in (
            (x, -0.31, 0.24, 0.035, hair),
            (x, -0.13, 0.26, 0.13, _darker(skin, 0.86)),
            (x, -0.1, 0.19, 0.075, WHITE),
            (x, -0.1, 0.085, 0.07, BROWN),
            (x, -0.1, 0.04, 0.035, BLACK),
        )
    ]


def _nose(skin: Colour) -> list[Oval]:
    nostrils = [(x, 0.265, 0.06, 0.03, _darker(skin, 0.72)) for x in (-0.09, 0.09)]
    return [(0, 0.06, 0.07, 0.18, _darker(skin, 0.86)), (0, 0.24, 0.17, 0.06, _darker(skin, 0.86)), *nostrils]


def _mouth(skin: Colour, random: Random) -> list[Oval]:
    """Closed, open or smiling."""
    lips = (int(skin[0] * 0.85), skin[1] // 2, skin[2] // 2)
    closed: list[Oval] = [(0, 0.5, 0.32, 0.05, lips)]
    opened: list[Oval] = [(0, 0.5, 0.2, 0.15, lips), (0, 0.5, 0.14, 0.11, BLACK)]
    smiling: list[Oval] = [(0, 0.52, 0.4, 0.12, lips), (0, 0.52, 0.34, 0.08, WHITE)]
    return random.choice([closed, opened, smiling])


def _darker(colour: Colour, share: float) -> Colour:
    red, green, blue = colour
    return int(red * share), int(green * share), int(blue * share)


def _random_colour(random: Random, low: int, high: int) -> Colour:
    return random.randint(low, high), random.randint(low, high), random.randint(low, high)


def _jpeg(image: Image.Image, random: Random) -> bytes:
    """With the grain of a camera, so that the file is as large as a camera's."""
    grain = Image.frombytes("L", image.size, random.randbytes(SIDE * SIDE)).convert("RGB")
    stream = io.BytesIO()
    Image.blend(image, grain, 0.06).save(stream, "JPEG", quality=88)
    return stream.getvalue()
