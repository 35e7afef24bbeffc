"""An order that is mostly the best one, with every image's chance known exactly.

Each of the first `depth` slots is drawn, without replacement, from a mixture: with probability 1 − ε from
the Plackett–Luce model over `exp(score / temperature)` (Luce 1959; Plackett 1975), with probability ε
uniformly. So the chance of image i in slot t, given the slots before it, is

    (1 − ε) · w_i / Σ_remaining w + ε / n_remaining        ≥ ε / n

which inverse-propensity estimators need and which no image falls below. The slots after `depth` follow by
score. All Plackett–Luce draws come from one pass: with E_i ~ Exp(1), ordering by E_i / w_i is the model
(an exponential race; −log of it is the Gumbel key of Kool, van Hoof & Welling 2019). Taking images out of
that order independently of it, as the uniform slots do, leaves the rest distributed as the model over the
rest (Luce's choice axiom), so the mixture is exact and not approximate.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommend.learning.ordering import smallest, top_by_score

Indices = NDArray[np.intp]
Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Exploration:
    """`epsilon`: the share of uniform slots; `temperature`: in units of the score; `depth`: slots drawn by chance."""

    epsilon: float = 0.03
    temperature: float = 0.03
    depth: int = 24

    def __post_init__(self) -> None:
        if not 0 <= self.epsilon <= 1 or self.temperature <= 0 or self.depth < 0:
            raise ValueError(f"epsilon is within [0, 1], temperature above 0, depth not negative; not {self}.")

    def weights(self, scores: NDArray[np.floating]) -> Doubles:
        """Plackett–Luce weights, the best image's being 1. Kept above 0: a weight of 0 has no order."""
        scaled = (scores - scores.max(initial=-np.inf)).astype(np.float64) / self.temperature
        weights: Doubles = np.exp(np.maximum(scaled, -600.0))
        return weights


def draw_order(
    weights: Doubles, scores: NDArray[np.floating], count: int, how: Exploration, rng: np.random.Generator
) -> tuple[Indices, Doubles]:
    """The first `count` images (indices into `weights`) and the propensities of the drawn slots.

    The drawn slots are the first `min(depth, n)`; equal scores after them keep the input's order. All of them
    are drawn even if fewer are wanted, so that a smaller `count` is the beginning of a larger one.
    """
    drawn = draw_slots(weights, min(how.depth, len(weights)), how.epsilon, rng)
    chances = slot_propensities(weights, drawn, how.epsilon)
    rest = top_by_score(scores, max(min(count, len(weights)), len(drawn)), without=drawn)
    return np.concatenate([drawn, rest])[:count], chances[:count]


def draw_slots(weights: Doubles, slots: int, epsilon: float, rng: np.random.Generator) -> Indices:
    """Draw images for the first slots, without replacement, from the mixture."""
    race = rng.standard_exponential(len(weights)) / weights
    by_model = iter(smallest(race, slots).tolist())
    taken: dict[int, None] = {}
    for uniform in rng.random(slots) < epsilon:
        choice = _uniform(len(weights), taken, rng) if uniform else next(i for i in by_model if i not in taken)
        taken[choice] = None
    return np.fromiter(taken, np.intp, slots)


def slot_propensities(weights: Doubles, drawn: Indices, epsilon: float) -> Doubles:
    """P(drawn[t] in slot t | drawn[:t]) for every t; shape of `drawn`.

    The remaining weight is summed from the undrawn images upwards. Subtracting from the total would lose
    it to rounding where one image outweighs the others by more than 10¹⁶.
    """
    undrawn = weights.copy()
    undrawn[drawn] = 0.0
    remaining = undrawn.sum() + np.cumsum(weights[drawn][::-1])[::-1]
    left = len(weights) - np.arange(len(drawn))
    chances: Doubles = (1.0 - epsilon) * weights[drawn] / remaining + epsilon / left
    return chances


def _uniform(total: int, taken: dict[int, None], rng: np.random.Generator) -> int:
    """One of the images not taken, each with the same chance."""
    choice = int(rng.integers(total - len(taken)))
    for image in sorted(taken):
        choice += choice >= image
    return choice
