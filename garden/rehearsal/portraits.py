"""Whose faces the rehearsal shows: drawn ones, or those of a folder. Never a visitor's."""

import io
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from garden.rehearsal.errors import CannotRehearseError

SIDE = 480
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
_SKINS = ((240, 205, 175), (225, 180, 145), (190, 140, 105), (140, 95, 65), (100, 66, 45))
_HAIR = ((30, 22, 18), (70, 45, 25), (120, 85, 45), (160, 160, 160))
_WHITE, _BLACK, _BROWN = (245, 243, 240), (10, 10, 10), (60, 40, 25)
_MOUTHS = ("smiling", "open", "turned down", "closed")

Colour = tuple[int, int, int]


def drawn_portraits(count: int, random: Random) -> list[bytes]:
    return [_jpeg(_Face(random).drawn(), random) for _ in range(count)]


def empty_room(random: Random) -> bytes:
    """What a kiosk's camera sees when nobody stands before it."""
    room = Image.new("RGB", (SIDE, SIDE), _some_colour(random, 90, 150))
    ImageDraw.Draw(room).rectangle((0, SIDE * 0.7, SIDE, SIDE), fill=_some_colour(random, 40, 90))
    return _jpeg(room, random)


def portraits_in(folder: Path) -> list[bytes]:
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES)
    if not paths:
        raise CannotRehearseError(f"There are no portraits (JPEG, PNG, WebP) in {folder}.")
    return [path.read_bytes() for path in paths]


class _Face:
    """Lengths are shares of half the face's width and height, from its middle."""

    def __init__(self, random: Random) -> None:
        self._image = Image.new("RGB", (SIDE, SIDE), _some_colour(random, 60, 140))
        self._draw = ImageDraw.Draw(self._image)
        self._skin, self._hair, self._shirt = random.choice(_SKINS), random.choice(_HAIR), _some_colour(random, 30, 200)
        self._mouth = random.choice(_MOUTHS)
        self._middle = SIDE / 2 + random.uniform(-15, 15), SIDE / 2 + random.uniform(-10, 15)
        self._width = random.uniform(95, 110)
        self._height = self._width * random.uniform(1.28, 1.4)

    def drawn(self) -> Image.Image:
        self._draw_head()
        for side in (-1, 1):
            self._draw_eye(side * 0.42)
        self._draw_nose()
        self._draw_mouth()
        return self._image.filter(ImageFilter.GaussianBlur(2.2))

    def _draw_head(self) -> None:
        shade = _darker(self._skin, 0.86)
        self._draw.rounded_rectangle(self._box(0, 2.1, 1.9, 0.95), 60, fill=self._shirt)
        self._oval(0, -0.18, 1.18, 1.0, self._hair)
        self._draw.rectangle(self._box(0, 0.95, 0.42, 0.35), fill=shade)
        self._oval(-1, 0, 0.14, 0.18, shade)
        self._oval(1, 0, 0.14, 0.18, shade)
        self._oval(0, 0, 1, 1, self._skin)
        self._draw.chord(self._box(0, -0.59, 1.02, 0.49), 180, 360, fill=self._hair)

    def _draw_eye(self, x: float) -> None:
        self._oval(x, -0.13, 0.26, 0.13, _darker(self._skin, 0.86))
        self._oval(x, -0.1, 0.19, 0.075, _WHITE)
        self._oval(x, -0.1, 0.085, 0.07, _BROWN)
        self._oval(x, -0.1, 0.04, 0.035, _BLACK)
        self._oval(x + 0.04, -0.13, 0.03, 0.022, _WHITE)
        self._draw.arc(self._box(x, -0.105, 0.2, 0.085), 200, 340, fill=_BROWN, width=4)
        self._draw.arc(self._box(x, -0.17, 0.28, 0.17), 215, 325, fill=self._hair, width=9)

    def _draw_nose(self) -> None:
        shade, dark = _darker(self._skin, 0.86), _darker(self._skin, 0.72)
        corners = ((-0.05, -0.1), (0.05, -0.1), (0.15, 0.24), (-0.15, 0.24))
        self._draw.polygon([self._point(x, y) for x, y in corners], fill=shade)
        self._oval(0, 0.24, 0.17, 0.06, shade)
        for x in (-0.09, 0.09):
            self._oval(x, 0.265, 0.06, 0.03, dark)

    def _draw_mouth(self) -> None:
        red, green, blue = self._skin
        lips = int(red * 0.85), int(green * 0.5), int(blue * 0.5)
        match self._mouth:
            case "smiling":
                self._draw.chord(self._box(0, 0.48, 0.4, 0.16), 0, 180, fill=lips)
                self._draw.chord(self._box(0, 0.485, 0.34, 0.085), 0, 180, fill=_WHITE)
            case "open":
                self._oval(0, 0.5, 0.2, 0.15, lips)
                self._oval(0, 0.5, 0.14, 0.11, _BLACK)
            case "turned down":
                self._draw.arc(self._box(0, 0.625, 0.4, 0.125), 180, 360, fill=lips, width=12)
            case _:
                self._oval(0, 0.5, 0.32, 0.05, lips)

    def _oval(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        self._draw.ellipse(self._box(x, y, rx, ry), fill=colour)

    def _box(self, x: float, y: float, rx: float, ry: float) -> tuple[float, float, float, float]:
        return (*self._point(x - rx, y - ry), *self._point(x + rx, y + ry))

    def _point(self, x: float, y: float) -> tuple[float, float]:
        return self._middle[0] + x * self._width, self._middle[1] + y * self._height


def _darker(colour: Colour, share: float) -> Colour:
    red, green, blue = colour
    return int(red * share), int(green * share), int(blue * share)


def _some_colour(random: Random, low: int, high: int) -> Colour:
    return random.randint(low, high), random.randint(low, high), random.randint(low, high)


def _jpeg(image: Image.Image, random: Random) -> bytes:
    """Grained as by a camera, so that its file is as large as a camera's."""
    grain = Image.frombytes("L", image.size, random.randbytes(SIDE * SIDE)).convert("RGB")
    stream = io.BytesIO()
    Image.blend(image, grain, 0.06).save(stream, "JPEG", quality=88)
    return stream.getvalue()
