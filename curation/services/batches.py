"""Long lists in pieces that every database takes in one statement."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")
SIZE = 500


def batches(items: Sequence[Item], size: int = SIZE) -> Iterator[Sequence[Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))
