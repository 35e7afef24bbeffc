"""The 468-point face mesh: where the points are and how surely there is a face. Right and left are the person's own."""

from dataclasses import dataclass

import numpy as np

from garden.faces.local.networks import Networks, Tensor
from garden.faces.local.portrait import Frame, Portrait, frame_around

RIGHT_EYE_OUTER, RIGHT_EYE_INNER = 33, 133
LEFT_EYE_INNER, LEFT_EYE_OUTER = 362, 263
RIGHT_EYE_TOP, LEFT_EYE_TOP = 159, 386
RIGHT_EYE_BOTTOM, LEFT_EYE_BOTTOM = 145, 374
LIP_CORNER_RIGHT, LIP_CORNER_LEFT = 61, 291
INNER_LIP_TOP, INNER_LIP_BOTTOM = 13, 14
INNER_LIP_RIGHT, INNER_LIP_LEFT = 78, 308


SIDE = 192
CROP = 1.5
POINTS = 468
RIGHT_EYE = [RIGHT_EYE_OUTER, RIGHT_EYE_INNER]
LEFT_EYE = [LEFT_EYE_INNER, LEFT_EYE_OUTER]


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """`points` is 468 × (x, y, z) in the measure of a frame (z, of the same unit, grows away from the camera);
    `presence` (0 … 1) is the probability of a face."""

    points: Tensor
    presence: float

    @property
    def flat(self) -> Tensor:
        """468 × (x, y)."""
        return self.points[:, :2]

    def distance(self, one: int, other: int) -> float:
        """Between two points, in space."""
        return float(np.linalg.norm(self.points[one] - self.points[other]))

    @property
    def eye_span(self) -> float:
        """From the outer corner of one eye to that of the other: the unit of the geometric measures."""
        return self.distance(RIGHT_EYE_OUTER, LEFT_EYE_OUTER)

    def reframed(self, old: Frame, new: Frame) -> "Mesh":
        """The same points in the measure of another frame of the same photo."""
        flat = new.from_photo(old.to_photo(self.flat))
        depth = self.points[:, 2:] * (old.side / new.side)
        return Mesh(np.hstack([flat, depth]), self.presence)


def read_mesh(networks: Networks, portrait: Portrait) -> Mesh:
    """The mesh in the measure of the portrait's frame."""
    picture = portrait.tensor(CROP, SIDE)[None] / 255
    points, presence = networks.run("facemesh", ["mesh", "presence"], picture)
    centred = points.reshape(POINTS, 3) - np.array([SIDE / 2, SIDE / 2, 0], np.float32)
    return Mesh(centred / SIDE * CROP, float(presence.ravel()[0]))


def frame_of(mesh: Mesh, frame: Frame) -> Frame:
    """The frame that just holds the mesh, levelled by the mesh's eyes: steadier than the detector's."""
    flat = frame.to_photo(mesh.flat)
    return frame_around(flat, flat[RIGHT_EYE].mean(axis=0), flat[LEFT_EYE].mean(axis=0))
