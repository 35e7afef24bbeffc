"""From a photo to the one face that is read: found by the detector, confirmed and framed by the mesh."""

from dataclasses import dataclass

from garden.emotion.local.detector import Box
from garden.emotion.local.mesh import Mesh, frame_of, read_mesh
from garden.emotion.local.networks import Networks
from garden.emotion.local.portrait import Pixels, Portrait, take_portrait
from garden.emotion.local.search import closer_look, first_look

CLEAR_SCORE = 0.5
MINIMUM_PRESENCE = 0.5
STRICT_PRESENCE = 0.95
"""What the mesh must say of a face that the detector doubts, or that only a closer look finds."""

MOST_TRIED = 4
"""Boxes confirmed before giving up: bounds the time of a photo full of things that look like faces."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A confirmed face; `mesh` is in the measure of the portrait's frame, `count` counts all faces of the photo."""

    box: Box
    portrait: Portrait
    mesh: Mesh
    count: int


def find_face(networks: Networks, pixels: Pixels) -> Face | None:
    """The largest face, or None when nobody is in the photo."""
    face = _confirmed(networks, pixels, first_look(networks, pixels), strict=False)
    return face or _confirmed(networks, pixels, closer_look(networks, pixels), strict=True)


def _confirmed(networks: Networks, pixels: Pixels, boxes: list[Box], *, strict: bool) -> Face | None:
    for tried, box in enumerate(boxes[:MOST_TRIED]):
        mesh = read_mesh(networks, take_portrait(pixels, box.frame))
        doubtful = strict or box.score < CLEAR_SCORE
        if mesh.presence >= (STRICT_PRESENCE if doubtful else MINIMUM_PRESENCE):
            others = sum(other.score >= CLEAR_SCORE for other in boxes[tried + 1 :])
            return _framed(pixels, box, mesh, 1 + others)
    return None


def _framed(pixels: Pixels, box: Box, mesh: Mesh, count: int) -> Face:
    frame = frame_of(mesh, box.frame)
    return Face(box, take_portrait(pixels, frame), mesh.reframed(box.frame, frame), count)
