"""Which of several faces is read."""

import pytest

from garden.faces.selection import Several, count_beside, reading_order

SIDES, OFFSETS = [100.0, 80.0, 30.0], [300.0, 50.0, 0.0]


@pytest.mark.parametrize(
    ("several", "turn"),
    [(Several.LARGEST, [0, 1, 2]), (Several.CENTRE, [1, 0, 2]), (Several.REFUSE, [0, 1, 2])],
)
def test_it_reads_the_largest_or_the_one_in_the_middle(several: Several, turn: list[int]) -> None:
    """A small face in the very middle is somebody far behind."""
    assert reading_order(SIDES, OFFSETS, several) == turn


def test_nobody_has_no_turn() -> None:
    assert reading_order([], [], Several.CENTRE) == []


def test_only_faces_about_as_large_stand_beside() -> None:
    assert count_beside(SIDES, 0) == 1
    assert count_beside(SIDES, 2) == 2
