"""Many files at once, answers in order, never more than a handful in flight."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

BATCH = 16
"""Files that one thread takes at a time: handing them over one by one would cost as much as copying a small one."""
Item = TypeVar("Item")
Result = TypeVar("Result")


def in_parallel(
    action: Callable[[Item], Result],
    items: Iterable[Item],
    workers: int,
    is_work: Callable[[Item], bool] = lambda _: True,
) -> Iterator[Result]:
    """Results in the order of the items. The first error ends it, and what was not begun is not begun any more.

    Where nothing `is_work` no thread is asked.
    """
    source = iter(items)
    waiting: deque[Future[list[Result]]] = deque()
    with ThreadPoolExecutor(max_workers=workers) as pool:
        try:
            while batch := list(islice(source, BATCH)):
                if not waiting and not any(map(is_work, batch)):
                    yield from map(action, batch)
                    continue
                waiting.append(pool.submit(_each, action, batch))
                if len(waiting) > 2 * workers:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _each(action: Callable[[Item], Result], batch: list[Item]) -> list[Result]:
    return [action(item) for item in batch]
