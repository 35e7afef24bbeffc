"""What is remembered of single visitors: their own weights, what they saw, and their last looks."""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from recommend.learning.arrays import Doubles, Flags, Items
from recommend.learning.foresight import Foresight
from recommend.learning.laplace import Step
from recommend.learning.weights import exchanged


@dataclass(slots=True)
class Remembered:
    """A look that can still be corrected: `items` (k) and which of them were `liked` (k flags)."""

    id: int
    items: Items
    liked: Flags


@dataclass(slots=True)
class Memory:
    """One visitor: `mean` (d) and `covariance` (d × d) of their own weights under the variances `prior` (d).

    `seen`: items, oldest first.
    """

    mean: Doubles
    covariance: Doubles
    prior: Doubles
    seen: dict[int, None] = field(default_factory=dict)
    looks: deque[Remembered] = field(default_factory=deque)

    def under(self, prior: Doubles) -> tuple[Doubles, Doubles]:
        """Mean and covariance under prior variances that may have changed since."""
        if not self.is_under(prior):
            return exchanged(self.mean, self.covariance, self.prior, prior)
        return self.mean, self.covariance

    def is_under(self, prior: Doubles) -> bool:
        return bool((self.prior == prior).all())

    def believe(self, prior: Doubles) -> None:
        self.mean, self.covariance = self.under(prior)
        self.prior = prior

    def remember(self, look: Remembered, *, looks: int, items: int) -> None:
        """Keep the last `looks` looks and the last `items` items."""
        self.looks.append(look)
        while len(self.looks) > looks:
            self.looks.popleft()
        self.have_seen(look.items, most=items)

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

    def take(self, step: Step, columns: Doubles) -> None:
        """Learn a step; `columns`: covariance of these weights with the k utilities, d × k."""
        self.mean += columns @ step.push
        change = columns @ step.root
        self.covariance -= change @ change.T

    def recall(self, look: int) -> Remembered | None:
        return next((one for one in self.looks if one.id == look), None)


@dataclass(slots=True)
class Visitors:
    """The `capacity` visitors heard of last. Who was heard of longest ago is forgotten first.

    `prior`: variances (d) of everybody's own weights; `foresight`: what looks said of them since they moved. When the
    prior has changed, who is touched has it at once and the others when `renew` comes to them. Only `touch` changes the
    order, and only learning touches: ranking leaves the state as it is.
    """

    prior: Doubles
    capacity: int
    known: OrderedDict[str, Memory] = field(default_factory=OrderedDict)
    foresight: Foresight = field(default_factory=Foresight.none_yet)

    def get(self, visitor: str) -> Memory | None:
        return self.known.get(visitor)

    def touch(self, visitor: str, recall: Callable[[], Memory]) -> Memory:
        """This visitor's memory, recalled if there is none, as the most recent one."""
        memory = self.known.get(visitor)
        if memory is None:
            memory = self.known[visitor] = recall()
        memory.believe(self.prior)
        self.known.move_to_end(visitor)
        while len(self.known) > self.capacity:
            self.known.popitem(last=False)
        return memory

    def renew(self, most: int) -> bool:
        """Bring `most` memories under the prior of today. Whether all are now."""
        behind = [memory for memory in self.known.values() if not memory.is_under(self.prior)]
        for memory in behind[:most]:
            memory.believe(self.prior)
        return len(behind) <= most

    def forget(self, visitor: str) -> None:
        self.known.pop(visitor, None)
