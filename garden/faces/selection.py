"""Which of several faces is read."""

from collections.abc import Sequence
from enum import StrEnum

AS_LARGE = 0.5


class Several(StrEnum):
    """REFUSE reads the largest, too, and reports the others: the quality check refuses them."""

    LARGEST = "largest"
    CENTRE = "centre"
    REFUSE = "refuse"


def reading_order(sides: Sequence[float], offsets: Sequence[float], several: Several) -> list[int]:
    """The faces' indices, the one to read first; `offsets` are their distances from the photo's middle.

    With CENTRE, those about as large as the largest come first, the one nearest to the middle before the others.
    """
    largest = max(sides, default=0.0)
    if several is not Several.CENTRE:
        return sorted(range(len(sides)), key=lambda index: -sides[index])
    far = [sides[index] < AS_LARGE * largest for index in range(len(sides))]
    return sorted(range(len(sides)), key=lambda index: (far[index], offsets[index]))


def count_beside(sides: Sequence[float], chosen: int) -> int:
    """How many others are about as large as the chosen one, or larger."""
    return sum(side >= AS_LARGE * sides[chosen] for index, side in enumerate(sides) if index != chosen)
