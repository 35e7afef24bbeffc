"""Long sequences in parts, so that none is held whole; and work on each item by several threads."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
SIZE = 500
"""So many ids fit into a statement of every database."""
_AT_ONCE = 16
"""Items that a thread takes at a time: handing them over one by one costs as much as copying a small file."""


def batches(items: Iterable[Item], size: int = SIZE) -> Iterator[list[Item]]:
    """Lists of `size` items, in order; the last may be shorter. From Python 3.12 on: `itertools.batched`."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


def in_parallel(action: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Iterator[Result]:
    """Results in the order of the items, of which few are in work. The first error ends it."""
    waiting: deque[Future[list[Result]]] = deque()
    with ThreadPoolExecutor(max_workers=workers) as pool:
        try:
            for batch in batches(items, _AT_ONCE):
                waiting.append(pool.submit(lambda batch: [action(item) for item in batch], batch))
                if len(waiting) > 2 * workers:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
