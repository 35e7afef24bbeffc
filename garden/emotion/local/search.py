"""Looking for faces in a photo of any shape: the whole of it and from a step back, then, if nobody is there, closer."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from garden.emotion.local.detector import SIDE, Box, detect, without_repeats
from garden.emotion.local.networks import Networks
from garden.emotion.local.portrait import Pixels

STEP_BACK = 1.5
"""A face that fills its photo is found only with room around it."""

FILLS = 0.3
"""The step back is trusted with faces of at least this part of the photo's longer side."""

SURE, ROOMY = 0.7, 0.6
"""The first look is content with a face of this score that leaves room around it: one that fills more of the photo's
longer side is framed badly."""

DETAILED = 2 * SIDE
"""Pixels of the longer side from which on a closer look sees more than the first."""

FINEST = 4 * SIDE
"""Pixels of the longer side that a closer look makes use of."""

INTERPOLATED = 2 / 3
"""A window shrunk to this part or less is averaged; one shrunk less is interpolated, in a sixth of the time."""

SMALLEST = 24
"""Pixels; a smaller face is too coarse to be read."""

FIRST_MINIMUM = 0.4
CLOSER_MINIMUM = 0.6
"""A closer look sees more that is no face: it has to be surer."""


@dataclass(frozen=True, slots=True)
class Window:
    """A square part of a photo; it may reach beyond the photo's edges."""

    left: int
    top: int
    side: int


def first_look(networks: Networks, pixels: Pixels) -> list[Box]:
    """Faces in the photo's coordinates, the largest first: in the whole of it, and unless that is clear, from a step
    back."""
    height, width, _ = pixels.shape
    longer = max(height, width)
    boxes = _look(networks, pixels, {_middle(height, width, longer): SMALLEST}, FIRST_MINIMUM)
    if any(box.score >= SURE and box.side <= longer * ROOMY for box in boxes):
        return boxes
    wider = {_middle(height, width, round(longer * STEP_BACK)): max(longer * FILLS, SMALLEST)}
    return _largest_first([*boxes, *_look(networks, pixels, wider, FIRST_MINIMUM)])


def closer_look(networks: Networks, pixels: Pixels) -> list[Box]:
    """Faces that are too small for the first look, the largest first. None in a photo that has no more detail to
    show than the first look saw."""
    height, width, _ = pixels.shape
    if max(height, width) <= DETAILED:
        return []
    scale = max(1.0, max(height, width) / FINEST)
    size = (max(1, round(width / scale)), max(1, round(height / scale)))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8) if scale > 1 else pixels
    boxes = _look(networks, small, dict.fromkeys(_quarters(size[1], size[0]), SMALLEST / scale), CLOSER_MINIMUM)
    return [box.moved(scale, np.zeros(2, np.float32)) for box in boxes]


def _middle(height: int, width: int, side: int) -> Window:
    return Window((width - side) // 2, (height - side) // 2, side)


def _quarters(height: int, width: int) -> Iterator[Window]:
    """Squares of half the longer side, overlapping by half."""
    side = max(height, width) // 2 + 1
    for top in _starts(height, side):
        for left in _starts(width, side):
            yield Window(left, top, side)


def _starts(length: int, side: int) -> list[int]:
    count = max(1, int(np.ceil(2 * length / side)) - 1)
    return [round(start) for start in np.linspace(0, max(0, length - side), count)]


def _look(networks: Networks, pixels: Pixels, windows: dict[Window, float], minimum: float) -> list[Box]:
    """The faces in some windows, each of which is trusted with faces of some size and above."""
    boxes = [
        box
        for window, smallest in windows.items()
        for box in (_in_photo(box, window) for box in detect(networks, _square(pixels, window), minimum))
        if box.side >= smallest
    ]
    return _largest_first(boxes)


def _largest_first(boxes: list[Box]) -> list[Box]:
    return sorted(without_repeats(boxes), key=lambda box: box.side, reverse=True)


def _in_photo(box: Box, window: Window) -> Box:
    return box.moved(window.side / SIDE, np.array([window.left, window.top], np.float32))


def _square(pixels: Pixels, window: Window) -> Pixels:
    """The window as 256 × 256 × RGB; what is outside the photo is black."""
    height, width, _ = pixels.shape
    left, top = max(0, window.left), max(0, window.top)
    right, bottom = min(width, window.left + window.side), min(height, window.top + window.side)
    scale = SIDE / window.side
    x, y = round((left - window.left) * scale), round((top - window.top) * scale)
    size = (max(1, min(SIDE - x, round((right - left) * scale))), max(1, min(SIDE - y, round((bottom - top) * scale))))
    square = np.zeros((SIDE, SIDE, 3), np.uint8)
    way = cv2.INTER_LINEAR if INTERPOLATED < scale < 1 else cv2.INTER_AREA
    square[y : y + size[1], x : x + size[0]] = cv2.resize(pixels[top:bottom, left:right], size, interpolation=way)
    return square
