"""Lines that can be looked at before they are taken: two lists in the same order are compared at a stroke."""

from collections.abc import Iterable
from itertools import islice


class Ahead:
    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._seen: list[str] = []

    def look(self, count: int) -> list[str]:
        """The next ones, fewer at the end."""
        if len(self._seen) < count:
            self._seen += islice(self._lines, count - len(self._seen))
        return self._seen[:count]

    def first(self) -> str:
        """The next one; empty at the end."""
        return next(iter(self.look(1)), "")

    def drop(self, count: int = 1) -> None:
        del self._seen[:count]
