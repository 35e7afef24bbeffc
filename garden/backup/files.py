"""The files of a site: which of them backups hold, and how many are handled at once."""

import unicodedata
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Protocol, TypeVar

from garden.backup.repository import Place, RefusedBackupError, Stored
from garden.storage.keys import MAX_LENGTH

LEFT_OUT = {
    "derived": "made again from the pictures (make_thumbnails)",
    "profile": "photos of visitors, which the seeds kept and this site does not",
    "dataset": "lists for Personalize, made again from the rows",
}
"""Folders of a storage that no backup holds, and why; folders that begin with a dot are of those who write there."""
SHOWN = 100
"""Most entries of a list of problems."""
BATCH = 16
"""Files that a thread takes at a time: handing them over one by one costs as much as copying a small one."""
_LONGEST_NAME = 255


class Keyed(Protocol):
    @property
    def key(self) -> str: ...


Left = TypeVar("Left", bound=Keyed)
Right = TypeVar("Right", bound=Keyed)
Item = TypeVar("Item")
Result = TypeVar("Result")


def files_of_site(site: Place, left_out: Collection[str] = LEFT_OUT) -> Iterator[Stored]:
    """Files in the order of keys, without those of some folders, and of all whose name begins with a dot."""
    folders = [folder for folder in site.folders() if folder not in left_out and not folder.startswith(".")]
    for folder in sorted(f"{folder}/" for folder in folders):
        yield from site.walk(folder.rstrip("/"))


def key_problem(key: str) -> str:
    """Why a key cannot be written on every storage; empty when it can."""
    parts = key.split("/")
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in key):
        return "it holds control characters"
    if len(key.encode()) > MAX_LENGTH or max(len(part.encode()) for part in parts) > _LONGEST_NAME:
        return f"it is longer than {MAX_LENGTH} bytes, or a part of it than {_LONGEST_NAME}"
    if not {"", ".", ".."}.isdisjoint(parts):
        return "it is no plain relative path"
    return ""


def refuse_keys_equal_without_case(keys: Iterable[str]) -> None:
    """Raises RefusedBackupError with the keys that would be one file where case does not count."""
    first: dict[str, str] = {}
    refused = []
    for key in keys:
        other = first.setdefault(unicodedata.normalize("NFC", key.casefold()), key)
        if other != key:
            refused.append({"key": key, "problem": f"one file with {other} on a disk that ignores case"})
    if refused:
        raise RefusedBackupError("This disk takes these keys for others; nothing was written.", refused=refused[:SHOWN])


def left_join(left: Iterable[Left], right: Iterable[Right]) -> Iterator[tuple[Left, Right | None]]:
    """Each of `left` with that of `right` that has the same key; both are in the order of keys."""
    others = iter(right)
    other = next(others, None)
    for each in left:
        while other is not None and other.key < each.key:
            other = next(others, None)
        yield each, other if other is not None and other.key == each.key else None


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


def in_parallel(action: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Iterator[Result]:
    """Results in the order of the items, of which few are in work. The first error ends it."""
    waiting: deque[Future[list[Result]]] = deque()
    with ThreadPoolExecutor(max_workers=workers) as pool:
        try:
            for batch in batches(items, BATCH):
                waiting.append(pool.submit(lambda batch: [action(item) for item in batch], batch))
                if len(waiting) > 2 * workers:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
