"""What follows for the pictures of an emotion from what was liked among them."""

import numpy as np
import pytest

from garden.vocabulary import Orientation
from recommend.learning.exploration import Exploration
from recommend.learning.mood import Mood
from recommend.learning.rates import Priors
from recommend.learning.shelf import Shelf, ShelfImage

WIDE, TALL = Orientation.LANDSCAPE, Orientation.PORTRAIT


def shelf(*favorites: int, first: int = 1) -> Shelf:
    images = [ShelfImage(first + n, f"{first + n}", favorite, -n) for n, favorite in enumerate(favorites)]
    return Shelf().with_images(np.array([], np.int64), images)


def counted(onto: Shelf, group: str, position: int, shown: int, liked: int) -> Shelf:
    return onto.with_counts(group, np.array([position]), *np.array([[shown], [liked]], np.float32))


@pytest.fixture
def mood() -> Mood:
    """Cats (0) and dogs (1), two wide pictures of each and one tall one of each; nothing seen yet."""
    empty = Mood(Priors(), Exploration(), favorites=("cat", "dog"))
    return empty.with_shelf(WIDE, shelf(0, 0, 1, 1)).with_shelf(TALL, shelf(0, 1, first=10))


def test_before_the_first_like_all_are_equal(mood: Mood) -> None:
    scores = mood.scored(WIDE, "adult/Male", None).scores
    assert scores == pytest.approx([0.2] * 4)


def test_a_liked_cat_raises_itself_most_then_cats_wide_and_tall_then_the_rest(mood: Mood) -> None:
    liked = mood.with_shelf(WIDE, counted(mood.shelves[WIDE], "adult/Male", 0, shown=10, liked=10))
    wide = liked.scored(WIDE, "elder/Female", None).scores
    tall = liked.scored(TALL, "elder/Female", None).scores
    assert wide[0] > wide[1] > wide[2] == wide[3] > 0.2
    assert tall[0] == wide[1]
    assert tall[1] == wide[2]


def test_a_group_goes_its_own_way_as_it_speaks(mood: Mood) -> None:
    seen = counted(mood.shelves[WIDE], "adult/Male", 0, shown=50, liked=50)
    seen = counted(seen, "child/Female", 0, shown=50, liked=0)
    both = mood.with_shelf(WIDE, seen)
    of = {group: both.scored(WIDE, group, None).scores[0] for group in ("adult/Male", "child/Female", "elder/Male")}
    assert of["adult/Male"] > of["elder/Male"] > of["child/Female"]


def test_one_favorite_alone_may_be_asked_for(mood: Mood) -> None:
    dogs = mood.scored(WIDE, "adult/Male", "dog")
    assert dogs.positions is not None
    assert dogs.positions.tolist() == [2, 3]
    assert len(mood.scored(WIDE, "adult/Male", "unicorn").scores) == 0


def test_scores_are_computed_once_until_something_changes(mood: Mood) -> None:
    assert mood.scored(WIDE, "adult/Male", None) is mood.scored(WIDE, "adult/Male", None)
    changed = mood.with_shelf(WIDE, counted(mood.shelves[WIDE], "adult/Male", 0, 1, 1))
    assert changed.scored(WIDE, "adult/Male", None) is not mood.scored(WIDE, "adult/Male", None)
