"""Work in batches that shrink when memory runs out, and the progress of the whole."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from generation.engines.base import OnStep

Item = TypeVar("Item")
Made = TypeVar("Made")


class OutOfMemoryError(Exception):
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
    """Results of `make` for at most `size` items at a time, with the size that fitted.

    Each OutOfMemoryError halves the size for the rest; one item that does not fit raises it.
    """
    start = 0
    while start < len(items):
        batch = items[start : start + size]
        try:
            made = make(batch)
        except OutOfMemoryError:
            if len(batch) == 1:
                raise
            size = (len(batch) + 1) // 2
            continue
        start += len(batch)
        yield made, size


@dataclass(slots=True)
class Progress:
    """Counts finished pictures out of `total` and steps of the batch under way.

    A batch that is made again (memory ran out, a picture was broken) repeats steps: they are reported as no progress,
    but reported, since listeners also renew leases and cancel.
    """

    total: int
    on_step: OnStep
    finished: int = 0
    reported: float = 0.0

    def finish(self, pictures: int) -> None:
        self.finished += pictures
        self._tell(self.finished / self.total)

    def of_batch(self, pictures: int) -> Callable[[float], None]:
        """`share` of a batch is done, 0 … 1."""
        return lambda share: self._tell((self.finished + pictures * share) / self.total)

    def _tell(self, progress: float) -> None:
        self.reported = max(self.reported, min(progress, 1.0))
        self.on_step(self.reported)


def another_seed(seed: int, attempt: int) -> int:
    """The seed of a further try, deterministic, of 32 bits."""
    return (seed + attempt * 0x9E3779B1) % 2**32


def canvas(width: int, height: int, multiple: int) -> tuple[int, int]:
    """The smallest width and height in pixels that the model can make and that hold the picture."""
    return -(-width // multiple) * multiple, -(-height // multiple) * multiple
