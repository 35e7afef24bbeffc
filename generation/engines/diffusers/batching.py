"""Work done in batches that shrink when memory runs out."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")


class OutOfRoomError(Exception):
    """The batch did not fit into memory."""


def alike(items: Sequence[Item], key: Callable[[Item], object]) -> Iterator[list[Item]]:
    """Runs of neighbours with the same key: only these can share a batch, and the order stays."""
    return (list(run) for _, run in groupby(items, key))


def in_batches(
    items: Sequence[Item], size: int, make: Callable[[Sequence[Item]], Sequence[Made]]
) -> Iterator[tuple[Sequence[Made], int]]:
    """What `make` makes of at most `size` items at a time, with the size that worked.

    Each OutOfRoomError halves the size for the rest; one item that does not fit raises it.
    """
    start = 0
    while start < len(items):
        batch = items[start : start + size]
        try:
            made = make(batch)
        except OutOfRoomError:
            if len(batch) == 1:
                raise
            size = (len(batch) + 1) // 2
            continue
        start += len(batch)
        yield made, size
