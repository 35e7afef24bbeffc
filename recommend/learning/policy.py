"""How a slate is put together and how much of it is left to chance."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SlatePolicy:
    """`epsilon`: share of slots left to chance; `fresh`: the part of it kept for pictures nobody has looked at;
    `temperature`: of the softmax, in P(any like); `depth`: slots drawn; `slate`: pictures seen together;
    `shortlist`: best candidates considered; `samples`: posterior draws."""

    epsilon: float = 0.02
    fresh: float = 0.8
    temperature: float = 0.0005
    depth: int = 24
    slate: int = 3
    shortlist: int = 200
    samples: int = 32

    def __post_init__(self) -> None:
        if not 0 < self.epsilon <= 1 or self.temperature <= 0 or min(self.slate, self.shortlist, self.samples) < 1:
            raise ValueError(f"Within (0, 1] is epsilon, above 0 are the others; not {self}.")
        if not 0 <= self.fresh < 1:
            raise ValueError(f"Within [0, 1) is the part of chance for fresh pictures, not {self.fresh}.")

    def share(self, place: int) -> float:
        """Share of chance in a place of a slate: a quarter of `epsilon`, and in the last place what makes up for it."""
        if place < self.slate - 1:
            return self.epsilon / 4.0
        return min(self.epsilon * (1.0 + 0.75 * (self.slate - 1)), 1.0)
