"""An order whose first slots are slates of three, made together, with every picture's chance known exactly.

A slate is good when the visitor likes any of it. Over samples of what this visitor's weights may be, the next
slot goes to the picture that adds most to P(any like) given those before it in its slate: pictures liked in
the same cases add little, so diversity follows (greedy maximisation is within 1 − 1/e of the best slate, as
the objective is submodular; Nemhauser et al. 1978; El-Arini et al. 2009). Picture effects are independent of
each other and are integrated out (MacKay 1992).

Chance enters only here: each slot is drawn from a mixture whose probabilities are all known,

    (1 − εₜ) · softmax(gain / temperature) over the shortlist
    + εₜ · [(1 − f) / n for each candidate left + f / m for each fresh one left]

while the samples are a fixed sequence, so propensities are exact. Fresh are the m candidates that nobody has
looked at and that are believed clearly better than the average one. εₜ is small in the first places of a slate and
larger in its last, where a weak picture costs least: a floor of ε / 4 · (1 − f) / n for every candidate in every
slot, a ceiling of ε on the share of slots that chance may have.
"""

import numpy as np
from numpy.typing import NDArray

from recommend.learning.arrays import Doubles, Floats, Indices
from recommend.learning.candidates import Candidates, Ranked
from recommend.learning.chance import Chance
from recommend.learning.effects import Effects
from recommend.learning.ordering import largest, top_by_score
from recommend.learning.policy import SlatePolicy
from recommend.learning.sampling import sampled
from recommend.learning.slate_model import Belief

__all__ = ["SlatePolicy", "rank"]

DEFAULT = SlatePolicy()
_CLEARLY = 0.7
_SEEN = np.float32(-1e6)
_FARTHEST = 30.0


def rank(
    candidates: Candidates,
    belief: Belief,
    effects: Effects,
    rng: np.random.Generator,
    *,
    policy: SlatePolicy = DEFAULT,
    count: int = 24,
) -> Ranked:
    """The best `count` candidates: the first `policy.depth` drawn slot by slot, the others by score.

    What the visitor has seen comes after everything they have not, longest ago first, and is not drawn.
    """
    utilities = candidates.features @ belief.mean.astype(np.float32)
    utilities += effects.appeal_of(candidates.items)
    seen, fresh = candidates.places_of(belief.seen), fresh_among(candidates, effects, utilities)
    of_seen, utilities[seen] = utilities[seen], _SEEN - np.arange(len(seen), dtype=np.float32)
    shortlist = largest(utilities, min(policy.shortlist, len(candidates) - len(seen)))
    odds = like_odds(candidates, belief, effects, shortlist, policy)
    chance = Chance(policy, len(candidates), seen, fresh)
    drawn, propensities = draw(shortlist, odds, chance, rng)
    rest = top_by_score(utilities, max(min(count, len(candidates)), len(drawn)), without=drawn)
    order = np.concatenate([drawn, rest])[:count]
    utilities[seen] = of_seen
    expected = utilities[order] - effects.surplus_of(candidates.items[order])
    return Ranked(order, expected, propensities[:count])


def like_odds(candidates: Candidates, belief: Belief, effects: Effects, chosen: Indices, policy: SlatePolicy) -> Floats:
    """Odds of a like of each chosen candidate, alone, by place and sample; slate × chosen × samples."""
    effect, variance = effects.optimistic(candidates.items[chosen])
    rows = candidates.features[chosen]
    weights = sampled(belief.mean, belief.covariance, rows, policy.samples)
    utilities = rows @ weights.astype(np.float32) + effect[:, None].astype(np.float32)
    shrink = (1.0 / np.sqrt(1.0 + np.pi / 8.0 * variance)).astype(np.float32)[:, None]
    places = belief.positions[: policy.slate].astype(np.float32)[:, None, None]
    odds: Floats = np.exp(np.clip((utilities + places) * shrink, -_FARTHEST, _FARTHEST))
    return odds


def fresh_among(candidates: Candidates, effects: Effects, utilities: Floats) -> Indices:
    """Candidates nobody has looked at that are believed clearly better than the average; ascending."""
    average = utilities.mean() + _CLEARLY * utilities.std() if len(utilities) else 0.0
    return np.flatnonzero((effects.looks[candidates.items] == 0) & (utilities > average))


def draw(shortlist: Indices, odds: Floats, chance: Chance, rng: np.random.Generator) -> tuple[Indices, Doubles]:
    """Candidates for the first slots and P(each | those before it)."""
    policy = chance.policy
    slots = min(policy.depth, chance.left())
    left = np.ones(len(shortlist), np.bool_)
    weight = np.zeros(policy.samples, np.float32)
    propensities = np.empty(slots)
    lots = rng.random((slots, 2))
    for slot in range(slots):
        place = slot % policy.slate
        if place == 0:
            weight[:] = 0.0
        model = _softmax(gains(odds[place], weight), left, policy.temperature)
        epsilon = policy.share(place) if left.any() else 1.0
        by_chance = lots[slot, 0] < epsilon
        choice = chance.pick(lots[slot, 1]) if by_chance else int(shortlist[_pick(model, lots[slot, 1])])
        among = np.flatnonzero(shortlist == choice)
        propensities[slot] = epsilon * chance.of(choice) + (1.0 - epsilon) * model[among].sum()
        chance.take(choice)
        left[among] = False
        weight += odds[place, among].sum(0)
    return np.array(chance.drawn, np.intp), propensities


def gains(odds: Floats, weight: Floats) -> Floats:
    """What each picture (rows of `odds`, by sample) adds to P(any like) of a slate of total odds `weight` (samples)."""
    together = weight + odds
    gain: Floats = (together / (1.0 + together)).mean(1) - (weight / (1.0 + weight)).mean()
    return gain


def _softmax(gains: Floats, left: NDArray[np.bool_], temperature: float) -> Doubles:
    """Chances over the shortlist; 0 for what was drawn."""
    scaled = np.where(left, gains / temperature, -np.inf)
    best = scaled.max(initial=-np.inf)
    if best == -np.inf:
        return np.zeros(len(gains))
    weights = np.exp(scaled - best)
    chances: Doubles = weights / weights.sum(dtype=np.float64)
    return chances


def _pick(chances: Doubles, lot: float) -> int:
    """The index whose share of [0, 1) holds the lot."""
    shares = np.cumsum(chances)
    return int(min(np.searchsorted(shares, lot * shares[-1], side="right"), np.flatnonzero(chances)[-1]))
