"""Many files at once, answers in order, never more than a handful in flight."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from typing import TypeVar

BATCH = 16
"""Files that one thread takes at a time: handing them over one by one would cost as much as copying a small one."""
Item = TypeVar("Item")
Result = TypeVar("Result")


def in_parallel(
    action: Callable[[Item], Result],
    items: Iterable[Item],
    workers: int,
) -> Iterator[Result]:
    """Results in the order of the items. The first error ends it, and what was not begun is not begun any more."""
    batches = batches_of(items, BATCH)
    return chain.from_iterable(batches_in_parallel(lambda batch: [action(item) for item in batch], batches, workers))


def batches_in_parallel(
    action: Callable[[Item], Result],
    batches: Iterable[Item],
    workers: int,
    is_work: Callable[[Item], bool] = lambda _: True,
) -> Iterator[Result]:
    """`in_parallel` of items that are batches already. Where nothing `is_work` no thread is asked."""
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(max_workers=workers) as pool:
        try:
            for batch in batches:
                if not waiting and not is_work(batch):
                    yield action(batch)
                    continue
                waiting.append(pool.submit(action, batch))
                if len(waiting) > 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def batches_of(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
