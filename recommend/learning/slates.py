"""An order whose first slots are slates of three, made together, with every picture's chance known exactly.

A slate is good when the visitor likes any of it. Over samples of what this visitor's weights may be, the next
slot goes to the picture that adds most to P(any like) given those before it in its slate: pictures liked in
the same cases add little, so diversity follows (greedy maximisation is within 1 − 1/e of the best slate, as
the objective is submodular; Nemhauser et al. 1978; El-Arini et al. 2009). Picture effects are independent of
each other and are integrated out (MacKay 1992).

Chance enters only here: each slot is drawn from a mixture whose probabilities are all known,

    (1 − εₜ) · softmax(gain / temperature) over the shortlist
    + εₜ · [(1 − f) / n for each candidate left + f · softmax(gain / thrift) over the newcomers left]

while the samples are a fixed sequence, so propensities are exact. Newcomers are the most promising of the candidates
that nobody has looked at (chance.py). εₜ is small in the first places of a slate and larger in its last, where a weak
picture costs least: a floor of ε / 16 · (1 − f) / n for every candidate in every slot, a ceiling of ε on the share of
slots that chance may have.
"""

from functools import cache, partial

import numpy as np

from recommend.learning.arrays import Doubles, Floats, Indices
from recommend.learning.candidates import Candidates, Ranked
from recommend.learning.chance import Chance, Newcomers
from recommend.learning.effects import Effects
from recommend.learning.gains import gains, picked, softmax
from recommend.learning.ordering import largest, top_by_score
from recommend.learning.policy import SlatePolicy
from recommend.learning.sampling import sampled
from recommend.learning.slate_model import Belief

__all__ = ["SlatePolicy", "rank"]

DEFAULT = SlatePolicy()
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
    seen = candidates.places_of(belief.seen)
    of_seen, utilities[seen] = utilities[seen], _SEEN - np.arange(len(seen), dtype=np.float32)
    shortlist = largest(utilities, min(policy.shortlist, len(candidates) - len(seen)))
    weights = sampled(belief.mean, belief.covariance, candidates.features[shortlist], policy.samples)
    odds = partial(like_odds, candidates, weights, effects, belief.positions[: policy.slate])
    fresh = newcomers(candidates, effects, utilities, seen, policy.newcomers)
    chance = Chance(policy, len(candidates), seen, Newcomers(fresh, cache(partial(odds, fresh)), policy.thrift))
    drawn, propensities = draw(shortlist, odds(shortlist), chance, rng)
    rest = top_by_score(utilities, max(min(count, len(candidates)), len(drawn)), without=drawn)
    order = np.concatenate([drawn, rest])[:count]
    utilities[seen] = of_seen
    expected = utilities[order] - effects.surplus_of(candidates.items[order])
    return Ranked(order, expected, propensities[:count])


def like_odds(
    candidates: Candidates, weights: Doubles, effects: Effects, positions: Doubles, chosen: Indices
) -> Floats:
    """Odds of a like of each chosen candidate, alone, by place and sample; slate × chosen × samples.

    `weights` (d × samples): what this visitor's may be; `positions` (slate): what each place adds.
    """
    effect, variance = effects.optimistic(candidates.items[chosen])
    utilities = candidates.features[chosen] @ weights.astype(np.float32) + effect[:, None].astype(np.float32)
    shrink = (1.0 / np.sqrt(1.0 + np.pi / 8.0 * variance)).astype(np.float32)[:, None]
    places = positions.astype(np.float32)[:, None, None]
    odds: Floats = np.exp(np.clip((utilities + places) * shrink, -_FARTHEST, _FARTHEST))
    return odds


def newcomers(candidates: Candidates, effects: Effects, utilities: Floats, seen: Indices, most: int) -> Indices:
    """The `most` best of the candidates nobody has looked at, nor this visitor seen; ascending."""
    unknown = effects.looks[candidates.items] == 0
    unknown[seen] = False
    places = np.flatnonzero(unknown)
    return np.sort(places[largest(utilities[places], most)])


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
        model = softmax(gains(odds[place], weight), left, policy.temperature)
        epsilon = policy.share(place) if left.any() else 1.0
        by_chance = lots[slot, 0] < epsilon
        choice = (
            chance.pick(lots[slot, 1], place, weight) if by_chance else int(shortlist[picked(model, lots[slot, 1])])
        )
        among = np.flatnonzero(shortlist == choice)
        propensities[slot] = epsilon * chance.of(choice, place, weight) + (1.0 - epsilon) * model[among].sum()
        chance.take(choice)
        left[among] = False
        weight += odds[place, among].sum(0)
    return np.array(chance.drawn, np.intp), propensities
