"""How a slate is put together and how much of it is left to chance."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SlatePolicy:
    """`epsilon`: share of slots left to chance; `fresh`: the part of it kept for pictures nobody has looked at, of
    which the `newcomers` most promising are considered; `thrift`: how much more one of them may cost than another, in
    P(any like), to be drawn e times as rarely; `temperature`: of the softmax over all others, in P(any like); `depth`:
    slots drawn; `slate`: pictures seen together; `shortlist`: best candidates considered; `samples`: posterior draws.
    """

    epsilon: float = 0.02
    fresh: float = 0.95
    newcomers: int = 64
    thrift: float = 0.005
    temperature: float = 0.0005
    depth: int = 24
    slate: int = 3
    shortlist: int = 200
    samples: int = 32

    def __post_init__(self) -> None:
        counts, temperatures = (self.slate, self.shortlist, self.samples), (self.temperature, self.thrift)
        if not 0 < self.epsilon <= 1 or min(temperatures) <= 0 or min(counts) < 1 or self.newcomers < 0:
            raise ValueError(f"Within (0, 1] is epsilon, above 0 are the others; not {self}.")
        if not 0 <= self.fresh < 1:
            raise ValueError(f"Within [0, 1) is the part of chance for fresh pictures, not {self.fresh}.")

    def share(self, place: int) -> float:
        """Share of chance in a place of a slate: a sixteenth of `epsilon`, and in the last what makes up for it."""
        if place < self.slate - 1:
            return self.epsilon / 16.0
        return min(self.epsilon * (1.0 + 15.0 / 16.0 * (self.slate - 1)), 1.0)
