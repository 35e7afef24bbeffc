"""How wide an age range has to be to hold the age of four people of five."""

import numpy as np

from garden.emotion.local.training.photographs import Photograph

HELD = 0.8


def train_age_width(photographs: list[Photograph]) -> float:
    """The factor on the guesses' own doubt, one photograph a person counted; 1 where no age is known."""
    misses = {p.person: abs(p.guess[0] - p.age) / p.guess[1] for p in photographs if p.age is not None}
    return _quantile(list(misses.values())) if misses else 1.0


def _quantile(misses: list[float]) -> float:
    """With one more than the misses in the denominator, as for people who are yet to come."""
    return float(np.quantile(misses, min(1.0, HELD * (1 + 1 / len(misses))), method="higher"))
