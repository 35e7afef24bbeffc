"""BlazeFace on the whole photo and on the padded photo, then, where no face is found, on closer crops."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from garden.faces.local.networks import Networks, Tensor
from garden.faces.local.portrait import Frame, Pixels

SIDE = 256
KEYPOINTS = 6
OVERLAP = 0.5
"""Two boxes are one face when they share more than this part of the smaller."""

OUTPUTS = ["scores_16", "boxes_16", "scores_32", "boxes_32"]


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """A face: `low` and `high` corners and six `points` (right eye, left eye, nose, mouth, right ear, left ear) as
    x, y; `score` is 0 … 1."""

    low: Tensor
    high: Tensor
    points: Tensor
    score: float

    @property
    def side(self) -> float:
        return float(np.max(self.high - self.low))

    @property
    def frame(self) -> Frame:
        """The square around the box, levelled by the eyes."""
        across, down = self.points[1] - self.points[0]
        return Frame((self.low + self.high) / 2, self.side, float(np.arctan2(down, across)))

    def moved(self, scale: float, origin: Tensor) -> "Box":
        """The same face in a picture in which this one is enlarged by `scale` and starts at `origin`."""
        return Box(self.low * scale + origin, self.high * scale + origin, self.points * scale + origin, self.score)


def detect(networks: Networks, square: NDArray[np.uint8], minimum: float) -> list[Box]:
    """The faces in a 256 × 256 × RGB picture, the surest first."""
    picture = square[None].astype(np.float32) / 127.5 - 1
    scores_16, boxes_16, scores_32, boxes_32 = networks.run("blazeface", OUTPUTS, picture)
    scores = np.concatenate([scores_16, scores_32], axis=1)[0, :, 0]
    return _faces(scores, np.concatenate([boxes_16, boxes_32], axis=1)[0], minimum)


def _anchors() -> Tensor:
    """The middles of the cells: 2 anchors a cell at stride 16, then 6 at stride 32 (896 × 2)."""
    parts = []
    for stride, count in ((16, 2), (32, 6)):
        middles = (np.arange(SIDE // stride) + 0.5) * stride
        y, x = np.meshgrid(middles, middles, indexing="ij")
        parts.append(np.repeat(np.stack([x, y], -1).reshape(-1, 2), count, axis=0))
    return np.concatenate(parts).astype(np.float32)


_ANCHORS = _anchors()


def _faces(logits: Tensor, raw: Tensor, minimum: float) -> list[Box]:
    scores = 1 / (1 + np.exp(-np.clip(logits, -50, 50)))
    boxes = [_box(raw[index], _ANCHORS[index], float(scores[index])) for index in np.flatnonzero(scores >= minimum)]
    return without_repeats(boxes)


def without_repeats(boxes: Iterable[Box]) -> list[Box]:
    """The surest box of each face, the surest face first."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.score, reverse=True):
        if all(_shared(box, other) <= OVERLAP for other in kept):
            kept.append(box)
    return kept


def _box(raw: Tensor, anchor: Tensor, score: float) -> Box:
    centre, half = raw[:2] + anchor, raw[2:4] / 2
    points = raw[4 : 4 + 2 * KEYPOINTS].reshape(KEYPOINTS, 2) + anchor
    return Box(centre - half, centre + half, points, score)


def _shared(one: Box, other: Box) -> float:
    """The part of the smaller box that lies in the other."""
    size = np.clip(np.minimum(one.high, other.high) - np.maximum(one.low, other.low), 0, None)
    smaller = min(float(np.prod(one.high - one.low)), float(np.prod(other.high - other.low)))
    return float(np.prod(size)) / smaller if smaller > 0 else 1.0


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
    boxes = []
    for window, smallest in windows.items():
        origin = np.array([window.left, window.top], np.float32)
        found = (box.moved(window.side / SIDE, origin) for box in detect(networks, _square(pixels, window), minimum))
        boxes += [box for box in found if box.side >= smallest]
    return _largest_first(boxes)


def _largest_first(boxes: list[Box]) -> list[Box]:
    return sorted(without_repeats(boxes), key=lambda box: box.side, reverse=True)


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
