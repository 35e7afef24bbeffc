"""Where a face stands in a photo: a tilted square, and the way between its measure and the photo's pixels."""

from dataclasses import dataclass

import numpy as np

from garden.emotion.local.networks import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A square around a face: `centre` (x, y) and `side` in pixels, `roll` in radians (0: the eyes are level).

    A point in the frame's own measure is (0, 0) in the middle and ±0.5 at the edges, with the eyes level.
    """

    centre: Tensor
    side: float
    roll: float

    def to_photo(self, points: Tensor) -> Tensor:
        """N × 2 from the frame's measure to pixels."""
        return self.centre + self.side * points @ _turn(self.roll)

    def from_photo(self, points: Tensor) -> Tensor:
        """N × 2 from pixels to the frame's measure."""
        return (points - self.centre) @ _turn(-self.roll) / self.side


def frame_around(points: Tensor, right_eye: Tensor, left_eye: Tensor) -> Frame:
    """The square that just holds N × 2 points of a face, levelled by the eyes; all in pixels."""
    across, down = left_eye - right_eye
    roll = float(np.arctan2(down, across))
    level = points @ _turn(-roll)
    low, high = level.min(axis=0), level.max(axis=0)
    return Frame(((low + high) / 2 @ _turn(roll)).astype(np.float32), float(np.max(high - low)), roll)


def _turn(angle: float) -> Tensor:
    """Row vectors times this are turned by `angle`, clockwise as seen on a picture."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[cosine, sine], [-sine, cosine]], np.float32)
