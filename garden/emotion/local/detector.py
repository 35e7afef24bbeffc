"""BlazeFace: faces in a square picture, as boxes with six points each."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from garden.emotion.local.frame import Frame
from garden.emotion.local.networks import Networks, Tensor

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
