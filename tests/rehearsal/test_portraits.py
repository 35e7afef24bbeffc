"""Faces that nobody has: drawn, and found by the garden's own reader."""

from pathlib import Path
from random import Random

import pytest

from garden.faces.base import NoFaceError
from garden.faces.registry import get_face_analyzer
from tests.support.pictures import portrait
from tools.rehearsal.portraits import drawn_portraits, empty_room, portraits_in


def test_it_draws_faces_that_the_garden_reads() -> None:
    readings = [get_face_analyzer().read(photo) for photo in drawn_portraits(8, Random(3))]
    assert [reading.faces for reading in readings] == [1] * 8


def test_it_draws_a_room_with_nobody_in_it() -> None:
    with pytest.raises(NoFaceError):
        get_face_analyzer().read(empty_room(Random(3)))


def test_it_takes_the_portraits_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "one.JPG").write_bytes(portrait())
    (tmp_path / "notes.txt").write_text("no portrait")
    assert portraits_in(tmp_path) == [portrait()]
