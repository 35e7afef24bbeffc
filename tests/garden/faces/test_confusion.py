"""CONFUSED comes from doubt and from the brows, and never steals a clear reading."""

import numpy as np
import pytest

from garden.faces.local.emotions import MOST_CONFUSED, UNMOVED, brows, doubt, with_confusion
from garden.faces.local.mesh import (
    LEFT_BROW_INNER,
    LEFT_BROW_TOP,
    LEFT_EYE_OUTER,
    POINTS,
    RIGHT_BROW_INNER,
    RIGHT_BROW_TOP,
    RIGHT_EYE_OUTER,
    Mesh,
)
from garden.vocabulary import Emotion

SEVEN: list[Emotion] = [emotion for emotion in Emotion if emotion is not Emotion.CONFUSED]
UNDECIDED: dict[Emotion, float] = dict.fromkeys(SEVEN, 1 / 7)


def clear(share: float) -> dict[Emotion, float]:
    return {emotion: share if emotion is Emotion.HAPPY else (1 - share) / 6 for emotion in SEVEN}


def face(*, gap: float = 0.3, raised: float = 0.0) -> Mesh:
    """A face with its eyes one unit apart, its inner brows `gap` apart and its left brow `raised`."""
    points = np.zeros((POINTS, 3))
    points[RIGHT_EYE_OUTER, 0], points[LEFT_EYE_OUTER, 0] = -0.5, 0.5
    points[RIGHT_BROW_INNER, 0], points[LEFT_BROW_INNER, 0] = -gap / 2, gap / 2
    points[[RIGHT_BROW_TOP, LEFT_BROW_TOP], 1] = -0.2
    points[LEFT_BROW_TOP, 1] -= raised
    return Mesh(points, presence=1.0)


@pytest.mark.parametrize("share", [0.8, 0.9, 0.99, 1.0])
def test_it_leaves_a_clear_reading_as_it_is(share: float) -> None:
    scores = with_confusion(clear(share), face(gap=0.1, raised=0.2))
    assert scores[Emotion.CONFUSED] == 0
    assert scores[Emotion.HAPPY] == share


def test_it_is_confused_when_all_is_equal_and_the_brows_are_drawn_together() -> None:
    assert with_confusion(UNDECIDED, face(gap=0.2))[Emotion.CONFUSED] == pytest.approx(MOST_CONFUSED)


def test_it_is_confused_when_all_is_equal_and_one_brow_is_raised() -> None:
    assert with_confusion(UNDECIDED, face(raised=0.1))[Emotion.CONFUSED] == pytest.approx(MOST_CONFUSED)


def test_it_takes_little_from_doubt_alone() -> None:
    assert with_confusion(UNDECIDED, face())[Emotion.CONFUSED] == pytest.approx(MOST_CONFUSED * UNMOVED)


def test_it_never_takes_more_than_its_bound() -> None:
    random = np.random.default_rng(0)
    for shares in random.dirichlet(np.full(7, 0.5), 200):
        scores = with_confusion(dict(zip(SEVEN, shares, strict=True)), face(gap=random.uniform(0.1, 0.4)))
        assert scores[Emotion.CONFUSED] <= MOST_CONFUSED
        assert sum(scores.values()) == pytest.approx(1)


def test_it_keeps_the_order_of_the_other_seven() -> None:
    seven = dict(zip(SEVEN, np.array([3, 5, 4, 4.5, 3.5, 4.2, 2.0]) / 26.2, strict=True))
    scores = with_confusion(seven, face(gap=0.2))
    assert sorted(SEVEN, key=seven.__getitem__) == sorted(SEVEN, key=scores.__getitem__)


def test_doubt_grows_with_entropy() -> None:
    doubts = [doubt(clear(share)) for share in (1.0, 0.6, 0.5, 0.4, 1 / 7)]
    assert doubts == sorted(doubts)
    assert (doubts[0], doubts[-1]) == (0, 1)


def test_relaxed_and_level_brows_say_nothing() -> None:
    assert brows(face()) == 0
