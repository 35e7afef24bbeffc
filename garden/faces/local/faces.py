"""From a photo to its faces: found by the detector, confirmed and framed by the mesh."""

from dataclasses import dataclass, replace

import numpy as np

from garden.faces.local.detector import Box, closer_look, first_look, without_repeats
from garden.faces.local.mesh import LEFT_EYE, RIGHT_EYE, Mesh, frame_of, read_mesh
from garden.faces.local.networks import Networks, Tensor
from garden.faces.local.portrait import Frame, Pixels, Portrait, take_portrait
from garden.faces.selection import Several, count_beside, reading_order

CLEAR_SCORE = 0.5
MINIMUM_PRESENCE = 0.5
STRICT_PRESENCE = 0.95
"""What the mesh must say of a face that the detector doubts, that only a closer look finds, or that is upside down."""

TURNS = (0.0, np.pi)
"""The detector takes the mouth of an upside-down face for its eyes: the mesh looks at a face both ways up, unless it is
already certain the first way."""

CERTAIN_PRESENCE = 0.9999995
"""From this presence on the mesh runs only once. It accepts many upside-down faces, with a lower presence than upright
ones: of 1,019 press photographs and film frames that were found upside down (1,233 turned by 180 degrees) the largest
presence before the second look was 0.9999985, while 72 % of the upright ones reach this limit. Of all 1,233, as they
are and turned by 90, 180 and 270 degrees, not one is then found, framed or missed otherwise than with two looks."""

MOST_TRIED = 4
MOST_OUTLINES = 32
"""Boxes confirmed before giving up, of a photo's one face and of all faces of a picture: bounds the time of pictures
full of things that look like faces."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A confirmed face; `mesh` is in the measure of `frame`, which the portrait shows; `count` counts all faces of
    the photo, `beside` those about as large as this one."""

    box: Box
    frame: Frame
    portrait: Portrait
    mesh: Mesh
    count: int
    beside: int

    @property
    def eye_distance(self) -> float:
        """Between the middles of both eyes, in pixels of the photo."""
        eyes = [self.mesh.flat[corners].mean(axis=0) for corners in (RIGHT_EYE, LEFT_EYE)]
        return float(np.linalg.norm(eyes[1] - eyes[0])) * self.frame.side


def find_face(networks: Networks, pixels: Pixels, several: Several = Several.LARGEST) -> Face | None:
    """The face to read, or None where there is none."""
    face = _confirmed(networks, pixels, _ordered(first_look(networks, pixels), pixels, several), strict=False)
    if face:
        return face
    return _confirmed(networks, pixels, _ordered(closer_look(networks, pixels), pixels, several), strict=True)


def _ordered(boxes: list[Box], pixels: Pixels, several: Several) -> list[Box]:
    middle = np.array([pixels.shape[1], pixels.shape[0]]) / 2
    offsets = [float(np.linalg.norm((box.low + box.high) / 2 - middle)) for box in boxes]
    return [boxes[index] for index in reading_order([box.side for box in boxes], offsets, several)]


def _confirmed(networks: Networks, pixels: Pixels, boxes: list[Box], *, strict: bool) -> Face | None:
    for tried, box in enumerate(boxes[:MOST_TRIED]):
        found, mesh = _surest_mesh(networks, pixels, box.frame)
        doubtful = strict or box.score < CLEAR_SCORE or found.roll != box.frame.roll
        if mesh.presence >= (STRICT_PRESENCE if doubtful else MINIMUM_PRESENCE):
            frame = frame_of(mesh, found)
            others = [other for other in boxes[tried + 1 :] if other.score >= CLEAR_SCORE]
            beside = count_beside([box.side, *(other.side for other in others)], 0)
            portrait = take_portrait(pixels, frame)
            return Face(box, frame, portrait, mesh.reframed(found, frame), 1 + len(others), beside)
    return None


def _surest_mesh(networks: Networks, pixels: Pixels, frame: Frame) -> tuple[Frame, Mesh]:
    """The mesh of a face and the frame it was read in: the way up in which it is surer that there is a face."""
    looks: list[tuple[Frame, Mesh]] = []
    for turn in TURNS:
        turned = replace(frame, roll=frame.roll + turn)
        looks.append((turned, read_mesh(networks, take_portrait(pixels, turned))))
        if looks[-1][1].presence >= CERTAIN_PRESENCE:
            break
    return max(looks, key=lambda look: look[1].presence)


def find_outlines(networks: Networks, pixels: Pixels) -> list[Tensor]:
    """468 points (x, y) in pixels for each face that the mesh confirms, the largest face first."""
    near = [(box, box.score < CLEAR_SCORE) for box in first_look(networks, pixels)]
    far = [(box, True) for box in closer_look(networks, pixels)]
    doubtful = {id(box): doubt for box, doubt in [*near, *far]}
    boxes = sorted(without_repeats(box for box, _ in [*near, *far]), key=lambda box: box.side, reverse=True)
    outlines = []
    for box in boxes[:MOST_OUTLINES]:
        mesh = read_mesh(networks, take_portrait(pixels, box.frame))
        if mesh.presence >= (STRICT_PRESENCE if doubtful[id(box)] else MINIMUM_PRESENCE):
            outlines.append(np.asarray(box.frame.to_photo(mesh.flat)))
    return outlines
