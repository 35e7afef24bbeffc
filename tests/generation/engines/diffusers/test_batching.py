"""Batches that shrink lose nothing and keep the order."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.engines.diffusers.batching import OutOfRoomError, alike, in_batches


@given(st.integers(0, 40), st.integers(1, 20), st.integers(1, 20))
def test_it_makes_every_item_once_in_order_whatever_fits(count: int, size: int, room: int) -> None:
    def make(batch: Sequence[int]) -> Sequence[int]:
        if len(batch) > room:
            raise OutOfRoomError
        return batch

    made = list(in_batches(range(count), size, make))

    assert [item for batch, _ in made for item in batch] == list(range(count))
    assert all(len(batch) <= fitting <= size for batch, fitting in made)


def test_it_gives_up_when_one_item_does_not_fit() -> None:
    def make(batch: Sequence[int]) -> Sequence[int]:
        raise OutOfRoomError

    with pytest.raises(OutOfRoomError):
        list(in_batches(range(4), 4, make))


def test_it_groups_neighbours_that_are_alike() -> None:
    assert list(alike([1, 3, 2, 4, 5], lambda number: number % 2)) == [[1, 3], [2, 4], [5]]
