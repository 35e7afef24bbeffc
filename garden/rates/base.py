"""What counts: one number for each name, from its first hit to the end of its window."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from garden.errors import UnavailableError


class CounterUnavailableError(UnavailableError):
    """The place where processes count together cannot be reached."""

    code = "counter_unavailable"


@dataclass(frozen=True, slots=True)
class Tally:
    """`count` includes this hit; the window ends in `seconds_left`."""

    count: int
    seconds_left: float


class RateCounter(ABC):
    """Two hits at the same moment, in two processes, are two."""

    @abstractmethod
    def hit(self, name: str, seconds: float) -> Tally:
        """Count once; a window of `seconds` begins with the first hit. Raises CounterUnavailableError."""

    @abstractmethod
    def clear(self, name: str) -> int:
        """Forget one name; returns its count. Raises CounterUnavailableError."""

    @abstractmethod
    def forget(self) -> None:
        """Begin anew with every name."""
