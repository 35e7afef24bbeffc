"""Memory of single visitors: their own weights, the items seen, and their last impressions."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field

import numpy as np

from recommend.bandit.inference import Doubles, Flags, Items


@dataclass(slots=True)
class Remembered:
    """An impression that can still be corrected: `items` (k) and which of them were `liked` (k flags)."""

    id: int
    items: Items
    liked: Flags


@dataclass(slots=True)
class Memory:
    """One visitor: `mean` (d) and `covariance` (d × d) of their own weights; `seen`: items, oldest first."""

    mean: Doubles
    covariance: Doubles
    seen: dict[int, None] = field(default_factory=dict)
    impressions: deque[Remembered] = field(default_factory=deque)

    def remember(self, impression: Remembered, *, impressions: int, items: int) -> None:
        """Keep the last `impressions` impressions and the last `items` items."""
        self.impressions.append(impression)
        while len(self.impressions) > impressions:
            self.impressions.popleft()
        self.have_seen(impression.items, most=items)

    def items(self) -> Items:
        """Items seen, oldest first."""
        return np.fromiter(self.seen, np.int64)

    def have_seen(self, items: Items, *, most: int) -> None:
        """Keep the last `most` items."""
        for item in items.tolist():
            self.seen.pop(item, None)
            self.seen[item] = None
        for item in list(self.seen)[: len(self.seen) - most]:
            del self.seen[item]

    def recall(self, impression: int) -> Remembered | None:
        return next((one for one in self.impressions if one.id == impression), None)


@dataclass(slots=True)
class Visitors:
    """The `capacity` visitors learned from last; the least recent one is dropped first.

    `prior`: variances (d) of every visitor's own weights. Only `touch` changes the order, and only learning touches:
    ranking leaves the state unchanged.
    """

    prior: Doubles
    capacity: int
    known: OrderedDict[str, Memory] = field(default_factory=OrderedDict)

    def get(self, visitor: str) -> Memory:
        """This visitor's memory, or that of a new one, which is not kept."""
        return self.known.get(visitor) or Memory(np.zeros(len(self.prior)), np.diag(self.prior))

    def touch(self, visitor: str) -> Memory:
        """This visitor's memory, which becomes the most recent one."""
        memory = self.known[visitor] = self.get(visitor)
        self.known.move_to_end(visitor)
        while len(self.known) > self.capacity:
            self.known.popitem(last=False)
        return memory

    def forget(self, visitor: str) -> None:
        self.known.pop(visitor, None)
