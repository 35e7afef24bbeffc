"""Every face of a picture as the outline of its mesh: where faces are, and nothing about them."""

from collections.abc import Iterator

import numpy as np

from garden.emotion.local.detector import Box, without_repeats
from garden.emotion.local.faces import CLEAR_SCORE, MINIMUM_PRESENCE, STRICT_PRESENCE
from garden.emotion.local.mesh import read_mesh
from garden.emotion.local.networks import Networks, Tensor
from garden.emotion.local.portrait import Pixels, take_portrait
from garden.emotion.local.search import closer_look, first_look

MOST_TRIED = 32
"""Boxes confirmed before giving up: bounds the time of a picture full of things that look like faces."""


def find_outlines(networks: Networks, pixels: Pixels) -> list[Tensor]:
    """468 points (x, y) in pixels for each face that the mesh confirms, the largest face first."""
    near = [(box, box.score < CLEAR_SCORE) for box in first_look(networks, pixels)]
    far = [(box, True) for box in closer_look(networks, pixels)]
    doubtful = {id(box): doubt for box, doubt in [*near, *far]}
    boxes = sorted(without_repeats(box for box, _ in [*near, *far]), key=lambda box: box.side, reverse=True)
    return list(_confirmed(networks, pixels, [(box, doubtful[id(box)]) for box in boxes[:MOST_TRIED]]))


def _confirmed(networks: Networks, pixels: Pixels, boxes: list[tuple[Box, bool]]) -> Iterator[Tensor]:
    for box, doubtful in boxes:
        mesh = read_mesh(networks, take_portrait(pixels, box.frame))
        if mesh.presence >= (STRICT_PRESENCE if doubtful else MINIMUM_PRESENCE):
            yield np.asarray(box.frame.to_photo(mesh.flat))
