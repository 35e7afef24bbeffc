"""How long after a picture was sent the walls had it."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Sent:
    """The answer of `/sendToWall`, and when it came."""

    version: int
    slots: tuple[str, ...]
    at: float


@dataclass(slots=True)
class Freshness:
    """Filled by many threads; appending to a list is atomic."""

    sent: list[Sent] = field(default_factory=list)
    _shown: dict[str, dict[str, list[tuple[int, float]]]] = field(default_factory=lambda: defaultdict(dict))

    def hang(self, wall: str, slot: str) -> None:
        """A wall is there; said before the doors open."""
        self._shown[slot][wall] = []

    def shown(self, wall: str, slot: str, version: int, at: float) -> None:
        """The wall has everything of this version that it shows."""
        self._shown[slot][wall].append((version, at))

    def delays(self) -> list[float]:
        """Seconds, sorted; one of each wall for each picture sent to its slot; NEVER where it did not come."""
        return sorted(delay for sent in self.sent for slot in sent.slots for delay in self._delays(sent, slot))

    def _delays(self, sent: Sent, slot: str) -> Iterator[float]:
        walls: Iterable[list[tuple[int, float]]] = self._shown[slot].values() if slot in self._shown else ()
        for shown in walls:
            first = bisect_left(shown, (sent.version, 0.0))
            yield max(0.0, shown[first][1] - sent.at) if first < len(shown) else NEVER
