"""From a photo to the one face that is read: found by the detector, confirmed and framed by the mesh."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from garden.emotion.local.detector import Box
from garden.emotion.local.frame import Frame
from garden.emotion.local.mesh import LEFT_EYE, RIGHT_EYE, Mesh, frame_of, read_mesh
from garden.emotion.local.networks import Networks
from garden.emotion.local.portrait import Pixels, Portrait, take_portrait
from garden.emotion.local.search import closer_look, first_look
from garden.emotion.several import Several, count_beside, in_turn

CLEAR_SCORE = 0.5
MINIMUM_PRESENCE = 0.5
STRICT_PRESENCE = 0.95
"""What the mesh must say of a face that the detector doubts, that only a closer look finds, or that is upside down."""

TURNS = (0.0, np.pi)
"""The detector takes the mouth of an upside-down face for its eyes: the mesh looks at a face both ways."""

MOST_TRIED = 4
"""Boxes confirmed before giving up: bounds the time of a photo full of things that look like faces."""


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
    """The face to read, or None when nobody is in the photo."""
    face = _confirmed(networks, pixels, _in_turn(first_look(networks, pixels), pixels, several), strict=False)
    if face:
        return face
    return _confirmed(networks, pixels, _in_turn(closer_look(networks, pixels), pixels, several), strict=True)


def _in_turn(boxes: list[Box], pixels: Pixels, several: Several) -> list[Box]:
    middle = np.array([pixels.shape[1], pixels.shape[0]]) / 2
    offsets = [float(np.linalg.norm((box.low + box.high) / 2 - middle)) for box in boxes]
    return [boxes[index] for index in in_turn([box.side for box in boxes], offsets, several)]


def _confirmed(networks: Networks, pixels: Pixels, boxes: list[Box], *, strict: bool) -> Face | None:
    for tried, box in enumerate(boxes[:MOST_TRIED]):
        found, mesh = max(_turned_meshes(networks, pixels, box.frame), key=lambda turned: turned[1].presence)
        doubtful = strict or box.score < CLEAR_SCORE or found.roll != box.frame.roll
        if mesh.presence >= (STRICT_PRESENCE if doubtful else MINIMUM_PRESENCE):
            frame = frame_of(mesh, found)
            others = [other for other in boxes[tried + 1 :] if other.score >= CLEAR_SCORE]
            beside = count_beside([box.side, *(other.side for other in others)], 0)
            portrait = take_portrait(pixels, frame)
            return Face(box, frame, portrait, mesh.reframed(found, frame), 1 + len(others), beside)
    return None


def _turned_meshes(networks: Networks, pixels: Pixels, frame: Frame) -> Iterator[tuple[Frame, Mesh]]:
    for turn in TURNS:
        turned = replace(frame, roll=frame.roll + turn)
        yield turned, read_mesh(networks, take_portrait(pixels, turned))
