"""A shelf says what a plain list of its images would say."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recommend.learning.shelf import EVERYBODY, Shelf, ShelfImage

IDS = st.integers(1, 12)
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("put"), IDS, st.integers(0, 3), st.integers(0, 5)),
        st.tuples(st.just("take"), IDS),
        st.tuples(st.just("count"), IDS, st.sampled_from(["a", "b"]), st.integers(0, 9)),
    ),
    max_size=30,
)


def image(number: int, favorite: int = 0, published: int = 0) -> ShelfImage:
    return ShelfImage(number, f"emotions/calm/{number}h.jpeg", favorite, published)


def ids(*numbers: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]]":
    return np.array(numbers, np.int64)


@settings(max_examples=200)
@given(changes=CHANGES)
def test_it_agrees_with_a_plain_list_after_any_changes(changes: list[tuple[object, ...]]) -> None:
    shelf = Shelf()
    standing: dict[int, ShelfImage] = {}
    counts: dict[tuple[int, object], Any] = {}
    for kind, number, *rest in changes:
        assert isinstance(number, int)
        if kind == "put":
            standing[number] = image(number, *rest)  # type: ignore[arg-type]
            shelf = shelf.with_images(ids(number), [standing[number]])
            counts = {key: value for key, value in counts.items() if key[0] != number}
        elif kind == "take":
            standing.pop(number, None)
            shelf = shelf.with_images(ids(number), [])
            counts = {key: value for key, value in counts.items() if key[0] != number}
        elif number in standing:
            group, shown = rest
            counts[number, group] = shown
            column = np.array([shown], np.float32)
            shelf = shelf.with_counts(str(group), shelf.positions(ids(number)), column, column)
    expected = sorted(standing.values(), key=lambda i: (-i.published, -i.id))
    assert shelf.keys.tolist() == [i.key for i in expected]
    assert shelf.favorites.tolist() == [i.favorite for i in expected]
    for group in ("a", "b"):
        assert shelf.counts_of(group).shown.tolist() == [counts.get((i.id, group), 0) for i in expected]
    totals = [counts.get((i.id, "a"), 0) + counts.get((i.id, "b"), 0) for i in expected]
    assert shelf.counts_of(EVERYBODY).liked.tolist() == totals


def test_a_view_taken_earlier_does_not_change() -> None:
    before = Shelf().with_images(ids(), [image(1), image(2)])
    after = before.with_images(ids(1), []).with_counts("a", np.array([0]), *np.ones((2, 1), np.float32))
    assert before.ids.tolist() == [2, 1]
    assert before.counts_of(EVERYBODY).shown.tolist() == [0, 0]
    assert after.ids.tolist() == [2]


def test_it_knows_where_its_images_stand_and_which_do_not() -> None:
    shelf = Shelf().with_images(ids(), [image(5, published=1), image(9, published=3), image(7, published=2)])
    assert shelf.positions(ids(5, 6, 9, 100, 0)).tolist() == [2, -1, 0, -1, -1]
    assert Shelf().positions(ids(1)).tolist() == [-1]
