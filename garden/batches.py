"""Parts of a long sequence, so that none is held whole. From Python 3.12 on: `itertools.batched`."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
SIZE = 500
"""So many ids fit into a statement of every database."""


def batches(items: Iterable[Item], size: int = SIZE) -> Iterator[list[Item]]:
    """Lists of `size` items, in order; the last may be shorter."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
