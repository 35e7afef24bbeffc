"""Work done in batches that shrink when memory runs out."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")


class OutOfRoomError(Exception):
    """The batch did not fit into memory."""


def group_by(items: Iterable[Item], key: Callable[[Item], object]) -> list[list[int]]:
    """Indices of items with the same batch key, groups in the order of their first item."""
    groups: defaultdict[object, list[int]] = defaultdict(list)
    for index, item in enumerate(items):
        groups[key(item)].append(index)
    return list(groups.values())


def in_order(results: Iterable[tuple[int, Made]]) -> Iterator[tuple[int, Made]]:
    """Results that come with their indices in any order, sorted by index.

    An error of `results` is raised after the results that wait for an earlier one are yielded.
    """
    early: dict[int, Made] = {}
    following = 0
    try:
        for index, made in results:
            early[index] = made
            while following in early:
                yield following, early.pop(following)
                following += 1
    except Exception:
        yield from sorted(early.items(), key=lambda result: result[0])
        raise


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
