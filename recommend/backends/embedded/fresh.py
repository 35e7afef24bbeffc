"""Which of the rows just read say something new."""

from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

Row = TypeVar("Row")


class FreshRows(Generic[Row]):
    """Remembers the last reading of each recently changed row.

    By identity, not as a set of rows: a count that goes up and down again must be seen going down.
    """

    def __init__(self, identity: Callable[[Row], Hashable]) -> None:
        self._identity = identity
        self._last: dict[Hashable, Row] = {}

    def among(self, rows: Iterable[Row], forget_others: bool) -> list[Row]:
        """Rows that differ from their last reading. `forget_others` when `rows` are all that changed lately."""
        read = {self._identity(row): row for row in rows}
        fresh = [row for identity, row in read.items() if self._last.get(identity) != row]
        self._last = read if forget_others else {**self._last, **read}
        return fresh
