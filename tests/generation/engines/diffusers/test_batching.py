"""Batches that shrink lose nothing and keep the order."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.engines.diffusers.batching import OutOfMemoryError, group_by, in_batches, in_order


@given(st.integers(0, 40), st.integers(1, 20), st.integers(1, 20))
def test_it_makes_every_item_once_in_order_whatever_fits(count: int, size: int, room: int) -> None:
    def make(batch: Sequence[int]) -> Sequence[int]:
        if len(batch) > room:
            raise OutOfMemoryError
        return batch

    made = list(in_batches(range(count), size, make))

    assert [item for batch, _ in made for item in batch] == list(range(count))
    assert all(len(batch) <= fitting <= size for batch, fitting in made)


def test_it_gives_up_when_one_item_does_not_fit() -> None:
    def make(batch: Sequence[int]) -> Sequence[int]:
        raise OutOfMemoryError

    with pytest.raises(OutOfMemoryError):
        list(in_batches(range(4), 4, make))


@given(st.lists(st.integers(0, 3)))
def test_it_groups_all_items_of_one_key_wherever_they_stand(keys: list[int]) -> None:
    groups = group_by(keys, lambda key: key)

    assert sorted(index for group in groups for index in group) == list(range(len(keys)))
    assert [{keys[index] for index in group} for group in groups] == [{key} for key in dict.fromkeys(keys)]


@given(st.permutations(range(8)))
def test_it_brings_results_into_order(indices: list[int]) -> None:
    assert list(in_order((index, str(index)) for index in indices)) == [(index, str(index)) for index in range(8)]


def test_it_yields_what_waits_for_an_earlier_result_before_an_error() -> None:
    def results() -> Iterator[tuple[int, str]]:
        yield from ((0, "a"), (4, "e"), (2, "c"))
        raise OutOfMemoryError

    ordered = in_order(results())

    assert [next(ordered) for _ in range(3)] == [(0, "a"), (2, "c"), (4, "e")]
    with pytest.raises(OutOfMemoryError):
        next(ordered)
