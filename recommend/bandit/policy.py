"""An order whose first slots are slates of three, composed together, with exact propensities.

The objective of a slate is P(any like). Over samples of this visitor's weights, the next slot gets the picture
that adds most to it given those before it in its slate: pictures liked in
the same cases add little, which makes slates diverse (greedy maximisation is within 1 − 1/e of the best slate, as
the objective is submodular; Nemhauser et al. 1978; El-Arini et al. 2009). Picture effects are independent of
each other and are integrated out (MacKay 1992).

Each slot is drawn from a mixture whose probabilities are all known,

    (1 − εₜ) · softmax(gain / temperature) over the shortlist
    + εₜ · [(1 − f) / n for each candidate left + f · softmax(gain / thrift) over the cold start left]

while the samples are a fixed sequence, so propensities are exact. The cold start: the most promising candidates without
impressions (exploration.py). εₜ is small in the first positions of a slate and larger in its last, where a weak picture
costs least: a floor of ε / 16 · (1 − f) / n for every candidate in every slot, a ceiling of ε on the share of random
slots.
"""

from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from recommend.bandit.exploration import Exploration, marginal_gains, picked, share_of_position, softmax
from recommend.bandit.inference import Doubles, Effects, Floats, Indices, Items, sampled
from recommend.bandit.slate_model import Belief


@dataclass(frozen=True)
class SlatePolicy:
    """`epsilon`: share of random slots; `fresh`: the part of it for pictures without impressions, of
    which the `cold_start` most promising are considered; `thrift`: how much more one of them may cost than another, in
    P(any like), to be drawn e times as rarely; `temperature`: of the softmax over all others, in P(any like); `depth`:
    slots drawn; `slate`: pictures seen together; `shortlist`: best candidates considered; `samples`: posterior draws.
    """

    epsilon: float = 0.02
    fresh: float = 0.95
    cold_start: int = 64
    thrift: float = 0.005
    temperature: float = 0.0005
    depth: int = 24
    slate: int = 3
    shortlist: int = 200
    samples: int = 32

    def __post_init__(self) -> None:
        counts, temperatures = (self.slate, self.shortlist, self.samples), (self.temperature, self.thrift)
        if not 0 < self.epsilon <= 1 or min(temperatures) <= 0 or min(counts) < 1 or self.cold_start < 0:
            raise ValueError(f"Within (0, 1] is epsilon, above 0 are the others; not {self}.")
        if not 0 <= self.fresh < 1:
            raise ValueError(f"Within [0, 1) is the part of chance for fresh pictures, not {self.fresh}.")


@dataclass(frozen=True, slots=True)
class Candidates:
    """n pictures of one emotion, orientation and favorite.

    `items`: their numbers (n), ascending; `features`: n × d, contiguous; `opinions` (n): what curators expect of each
    beyond its features, in logits, until visitors have answered.
    """

    items: Items
    features: Floats
    opinions: Floats | None = None

    def __post_init__(self) -> None:
        if self.features.dtype != np.float32 or not self.features.flags.c_contiguous:
            raise ValueError("Features of candidates are contiguous 32-bit floats.")
        if len(self.items) != len(self.features):
            raise ValueError("Candidates have one row of features each.")
        if (np.diff(self.items) <= 0).any():
            raise ValueError("Numbers of candidates ascend.")

    def __len__(self) -> int:
        return len(self.items)

    def expected(self, effects: Effects, chosen: Indices | slice = slice(None)) -> Floats | float:
        """What remains of the opinions about the chosen ones: less, the more is known of a picture's own effect."""
        if self.opinions is None:
            return 0.0
        remaining: Floats = self.opinions[chosen] * (effects.variance[self.items[chosen]] / np.float32(effects.prior))
        return remaining

    def places_of(self, items: Items) -> Indices:
        """Indexes of those of `items` that are candidates, in the order of `items`."""
        if not len(self):
            return np.empty(0, np.intp)
        found = np.minimum(np.searchsorted(self.items, items), len(self) - 1)
        places: Indices = found[self.items[found] == items]
        return places


@dataclass(frozen=True, slots=True)
class Ranked:
    """`order`: indexes into the candidates, best first; `scores`: expected logits, without optimism, in that order.

    `propensities`: P(this candidate in this slot | the slots before it), of the first slots only.
    """

    order: Indices
    scores: Floats
    propensities: Doubles


def largest(values: NDArray[np.float32], count: int) -> Indices:
    """Indices of the `count` largest values, descending; equal values in the input's order."""
    if count <= 0:
        return np.empty(0, np.intp)
    found = _at_least(values, count)
    return found[np.argsort(-values[found], kind="stable")[:count]]


def _at_least(values: NDArray[np.float32], count: int) -> Indices:
    """Indices of the `count` largest values and some others, in the input's order.

    In a long input every 16th value gives a threshold that about twice as many exceed, so that the input is
    compared once and not partitioned.
    """
    is_long = len(values) >= 50 * count
    sample, needed = (values[::16], count // 8 + 8) if is_long else (values, count)
    rank = len(sample) - min(len(sample), needed)
    found = np.flatnonzero(values >= np.partition(sample, rank)[rank]) if rank else np.arange(len(values))
    return found if len(found) >= count else np.arange(len(values))


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

    Seen pictures follow all others, those seen longest ago first, and are not drawn.
    """
    utilities = candidates.features @ belief.mean.astype(np.float32)
    effects.reserve(int(candidates.items.max(initial=-1)) + 1)
    utilities += effects.appeal[candidates.items]
    utilities += candidates.expected(effects)
    seen = candidates.places_of(belief.seen)
    of_seen, utilities[seen] = utilities[seen], _SEEN - np.arange(len(seen), dtype=np.float32)
    shortlist = largest(utilities, min(policy.shortlist, len(candidates) - len(seen)))
    weights = sampled(belief.mean, belief.covariance, candidates.features[shortlist], policy.samples)
    odds = partial(like_odds, candidates, weights, effects, belief.positions[: policy.slate])
    fresh = cold_start(candidates, effects, utilities, seen, policy.cold_start)
    exploration = Exploration(policy.fresh, len(candidates), seen, fresh, cache(partial(odds, fresh)), policy.thrift)
    drawn, propensities = draw(shortlist, odds(shortlist), exploration, rng, policy)
    left = utilities.copy()
    left[drawn] = -np.inf
    rest = largest(left, min(count, len(candidates)) - len(drawn))
    order = np.concatenate([drawn, rest])[:count]
    utilities[seen] = of_seen
    chosen = candidates.items[order]
    expected = utilities[order] - (effects.appeal[chosen] - effects.mean[chosen])
    return Ranked(order, expected, propensities[:count])


def like_odds(
    candidates: Candidates, weights: Doubles, effects: Effects, positions: Doubles, chosen: Indices
) -> Floats:
    """Odds of a like of each chosen candidate, alone, by place and sample; slate × chosen × samples.

    `weights` (d × samples): what this visitor's may be; `positions` (slate): what each position adds.
    """
    effect, variance = effects.optimistic(candidates.items[chosen])
    effect = effect + candidates.expected(effects, chosen)
    utilities = candidates.features[chosen] @ weights.astype(np.float32) + effect[:, None].astype(np.float32)
    shrink = (1.0 / np.sqrt(1.0 + np.pi / 8.0 * variance)).astype(np.float32)[:, None]
    places = positions.astype(np.float32)[:, None, None]
    odds: Floats = np.exp(np.clip((utilities + places) * shrink, -_FARTHEST, _FARTHEST))
    return odds


def cold_start(candidates: Candidates, effects: Effects, utilities: Floats, seen: Indices, most: int) -> Indices:
    """The `most` best candidates without impressions and not seen by this visitor; ascending."""
    unknown = effects.impressions[candidates.items] == 0
    unknown[seen] = False
    places = np.flatnonzero(unknown)
    return np.sort(places[largest(utilities[places], most)])


def draw(
    shortlist: Indices, odds: Floats, exploration: Exploration, rng: np.random.Generator, policy: SlatePolicy
) -> tuple[Indices, Doubles]:
    """Candidates for the first slots and P(each | those before it)."""
    slots = min(policy.depth, exploration.left())
    left = np.ones(len(shortlist), np.bool_)
    weight = np.zeros(policy.samples, np.float32)
    propensities = np.empty(slots)
    lots = rng.random((slots, 2))
    for slot in range(slots):
        place = slot % policy.slate
        if place == 0:
            weight[:] = 0.0
        model = softmax(marginal_gains(odds[place], weight), left, policy.temperature)
        epsilon = share_of_position(policy.epsilon, place, policy.slate) if left.any() else 1.0
        by_chance = lots[slot, 0] < epsilon
        if by_chance:
            choice = exploration.pick(lots[slot, 1], place, weight)
        else:
            choice = int(shortlist[picked(model, lots[slot, 1])])
        among = np.flatnonzero(shortlist == choice)
        propensities[slot] = epsilon * exploration.of(choice, place, weight) + (1.0 - epsilon) * model[among].sum()
        exploration.take(choice)
        left[among] = False
        weight += odds[place, among].sum(0)
    return np.array(exploration.drawn, np.intp), propensities
