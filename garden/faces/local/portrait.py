"""The position of a face in a photo, and the levelled region from which each network takes its crop."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from garden.faces.local.networks import Tensor

Pixels = NDArray[np.uint8]

FACE_SIDE = 192
"""Pixels that the face's frame takes in a portrait."""

REACH = 2.0
"""A portrait's side, in frames."""


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


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """A levelled face in the middle of a square picture (RGB); its frame is FACE_SIDE wide."""

    pixels: Pixels

    def crop(self, factor: float, side: int) -> Pixels:
        """The middle, `factor` × the frame, as side × side × RGB."""
        middle, half = self.pixels.shape[0] / 2, FACE_SIDE * factor / 2
        low, high = round(middle - half), round(middle + half)
        cut = self.pixels[low:high, low:high]
        way = cv2.INTER_AREA if cut.shape[0] > side else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(cut, (side, side), interpolation=way), np.uint8)

    def to_pixels(self, points: Tensor) -> Tensor:
        """N × 2 from the frame's measure to this picture's pixels."""
        return points * FACE_SIDE + np.float32(self.pixels.shape[0] / 2)

    def tensor(self, factor: float, side: int) -> Tensor:
        """The crop as float32, 0 … 255."""
        return self.crop(factor, side).astype(np.float32)


def take_portrait(pixels: Pixels, frame: Frame) -> Portrait:
    """Turn, scale and cut the face; what lies beyond the photo's edge repeats the edge."""
    pixels, frame = _reduced(pixels, frame)
    side = round(FACE_SIDE * REACH)
    matrix = cv2.getRotationMatrix2D(frame.centre.tolist(), float(np.degrees(frame.roll)), FACE_SIDE / frame.side)
    matrix[:, 2] += side / 2 - frame.centre
    turned = cv2.warpAffine(pixels, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return Portrait(np.asarray(turned, np.uint8))


def _reduced(pixels: Pixels, frame: Frame) -> tuple[Pixels, Frame]:
    """Average a large face down first: a linear warp alone would skip pixels."""
    factor = frame.side / (1.5 * FACE_SIDE)
    if factor <= 1:
        return pixels, frame
    low = np.maximum(np.floor(frame.centre - REACH * frame.side), 0).astype(int)
    high = np.ceil(frame.centre + REACH * frame.side).astype(int)
    cut = pixels[low[1] : high[1], low[0] : high[0]]
    size = (max(1, round(cut.shape[1] / factor)), max(1, round(cut.shape[0] / factor)))
    small = cv2.resize(cut, size, interpolation=cv2.INTER_AREA)
    scale = np.array(size) / cut.shape[1::-1]
    centre = ((frame.centre - low) * scale).astype(np.float32)
    return np.asarray(small, np.uint8), Frame(centre, frame.side / factor, frame.roll)
