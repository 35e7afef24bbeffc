"""Finding, framing and measuring a face."""

from typing import Any

import numpy as np
import pytest

from garden.faces.local import LocalAnalyzer, faces
from garden.faces.local.attributes import aperture
from garden.faces.local.detector import Box, without_repeats
from garden.faces.local.faces import Face, find_face
from garden.faces.local.mesh import LEFT_EYE_OUTER, RIGHT_EYE_OUTER, Mesh, read_mesh
from garden.faces.local.networks import Networks
from garden.faces.local.portrait import FACE_SIDE, Frame, Portrait, frame_around
from garden.faces.photo import Photo
from tests.garden.faces.conftest import Pixels, photo_of
from tools.faces.photographs import with_sunglasses


def box(x: float, y: float, side: float, score: float) -> Box:
    low = np.array([x, y])
    return Box(low, low + side, np.zeros((6, 2)), score)


@pytest.fixture
def networks(analyzer: LocalAnalyzer) -> Networks:
    return Networks(analyzer.models)


@pytest.fixture
def face(networks: Networks, astronaut: Pixels) -> Face:
    found = find_face(networks, astronaut)
    assert found
    return found


def test_it_keeps_the_surest_of_boxes_that_overlap() -> None:
    kept = without_repeats([box(0, 0, 10, 0.6), box(1, 1, 10, 0.9), box(30, 0, 10, 0.7)])
    assert [face.score for face in kept] == [0.9, 0.7]


def test_it_takes_a_box_inside_another_for_the_same_face() -> None:
    assert len(without_repeats([box(0, 0, 100, 0.9), box(40, 40, 10, 0.8)])) == 1


def test_a_frame_goes_to_the_photo_and_back() -> None:
    frame = Frame(np.array([30.0, 40.0]), 12.0, 0.3)
    points = np.array([[0.1, -0.4], [0.5, 0.5]])
    np.testing.assert_allclose(frame.from_photo(frame.to_photo(points)), points)


def test_a_frame_holds_its_points_with_the_eyes_level() -> None:
    points = np.array([[0.0, 0.0], [10.0, 10.0], [0.0, 20.0], [-10.0, 10.0]])
    frame = frame_around(points, right_eye=np.array([0.0, 0.0]), left_eye=np.array([10.0, 10.0]))
    assert frame.roll == pytest.approx(np.pi / 4)
    assert np.abs(frame.from_photo(points)).max() == pytest.approx(0.5)


def test_it_levels_the_eyes_of_a_portrait(face: Face) -> None:
    right, left = face.mesh.points[[RIGHT_EYE_OUTER, LEFT_EYE_OUTER], 1]
    assert right == pytest.approx(left, abs=0.02)


def test_it_frames_the_mesh(face: Face) -> None:
    size = face.mesh.flat.max(axis=0) - face.mesh.flat.min(axis=0)
    assert size.max() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(("turns", "certain", "roll"), [(0, True, 0), (2, False, 180)], ids=["upright", "upside down"])
def test_it_looks_at_a_face_the_other_way_up_unless_it_is_sure(
    networks: Networks, astronaut: Pixels, monkeypatch: pytest.MonkeyPatch, turns: int, certain: bool, roll: float
) -> None:
    seen: list[Mesh] = []

    def counted(*face: Any) -> Mesh:
        seen.append(read_mesh(*face))
        return seen[-1]

    monkeypatch.setattr(faces, "read_mesh", counted)
    found = find_face(networks, np.ascontiguousarray(np.rot90(astronaut, turns)))
    assert found
    assert (len(seen) == 1) == certain
    assert abs(np.degrees(found.frame.roll)) % 360 == pytest.approx(roll, abs=15)


def test_a_portrait_gives_crops_of_the_asked_size(face: Face) -> None:
    assert face.portrait.crop(1.2, 64).shape == (64, 64, 3)
    assert face.portrait.crop(2.0, FACE_SIDE * 2).shape == (FACE_SIDE * 2, FACE_SIDE * 2, 3)


def test_it_reads_closed_eyes_as_closed(face: Face, networks: Networks) -> None:
    """Painted shut with the colour of the lids."""
    open_eyes = aperture(networks, face.portrait, face.mesh)
    pixels = face.portrait.pixels.copy()
    for eye in ([33, 133], [362, 263]):
        corners = face.portrait.to_pixels(face.mesh.flat[eye])
        (left, y), (right, _) = np.round(corners).astype(int)
        pixels[y - 9 : y + 9, left - 3 : right + 3] = pixels[y - 12, (left + right) // 2]
    assert aperture(networks, Portrait(pixels), face.mesh) < 0.8 * open_eyes


def test_it_sees_sunglasses(face: Face, analyzer: LocalAnalyzer) -> None:
    shaded = with_sunglasses(face.portrait, face.mesh, np.random.default_rng(3))
    assert analyzer.analyze(photo_of(shaded.pixels)).sunglasses.value


def test_it_answers_no_face_as_soon_as_a_reading(analyzer: LocalAnalyzer) -> None:
    """At most a closer look of nine parts: never an endless search."""
    noise = np.random.default_rng(0).integers(0, 256, (600, 800, 3), dtype=np.uint8)
    assert find_face(Networks(analyzer.models), Photo(noise, b"").pixels) is None
