"""How the slates are drawn."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from recommend.bandit.exploration import share_of_position
from recommend.bandit.policy import Candidates, Ranked, SlatePolicy, cold_start, rank
from recommend.bandit.priors import Priors
from recommend.bandit.slate_model import SlateModel
from tests.recommend.bandit.slate_cast import CALM, WIDTH, impression, pool, some_impressions, taught

FLAT = SlatePolicy(epsilon=0.2, temperature=0.05, depth=4, shortlist=5)


def ranked(model: SlateModel, seed: int, candidates: Candidates, policy: SlatePolicy, visitor: str = "") -> Ranked:
    rng = np.random.default_rng(seed)
    return rank(candidates, model.belief(CALM, visitor), model.effects, rng, policy=policy, count=len(candidates))


def test_propensities_are_the_frequencies_of_the_draws() -> None:
    model, candidates = taught(some_impressions()), pool(8)
    draws = [ranked(model, seed, candidates, FLAT) for seed in range(4_000)]
    firsts = Counter(int(draw.order[0]) for draw in draws)
    reported = {int(draw.order[0]): draw.propensities[0] for draw in draws}
    assert abs(sum(reported.values()) - 1.0) < 1e-9
    for item, chance in reported.items():
        assert abs(firsts[item] / len(draws) - chance) < 0.025
    best = firsts.most_common(1)[0][0]
    seconds = Counter(int(draw.order[1]) for draw in draws if draw.order[0] == best)
    reported = {int(draw.order[1]): draw.propensities[1] for draw in draws if draw.order[0] == best}
    assert abs(sum(reported.values()) - 1.0) < 1e-9
    for item, chance in reported.items():
        assert abs(seconds[item] / firsts[best] - chance) < 0.04


def test_propensities_of_newcomers_are_the_frequencies_of_the_draws() -> None:
    """A slate of one picture, half of them left to chance: which newcomers it takes is what most draws tell."""
    model, policy = taught(some_impressions()[:1]), replace(FLAT, slate=1, depth=1, epsilon=0.5, thrift=0.05)
    draws = [ranked(model, seed, pool(12), policy) for seed in range(1_500)]
    drawn = Counter(int(draw.order[0]) for draw in draws)
    reported = {int(draw.order[0]): draw.propensities[0] for draw in draws}
    assert len(reported) == 12
    assert abs(sum(reported.values()) - 1.0) < 1e-9
    for item, chance in reported.items():
        assert abs(drawn[item] / len(draws) - chance) < 0.03


def test_chance_has_no_more_than_its_share_of_slots() -> None:
    assert sum(share_of_position(FLAT.epsilon, place, FLAT.slate) for place in range(3)) == pytest.approx(
        3 * FLAT.epsilon
    )
    model, policy = taught(some_impressions()), SlatePolicy(epsilon=0.2, temperature=1e-7, depth=3)
    sure = ranked(model, 0, pool(), replace(policy, epsilon=1e-12)).order[:3]
    draws = np.array([ranked(model, seed, pool(), policy).order[:3] for seed in range(1_200)])
    assert 0.007 < (draws[:, 0] != sure[0]).mean() < 0.02
    kept = draws[(draws[:, :2] == sure[:2]).all(1)]
    assert 0.53 < (kept[:, 2] != sure[2]).mean() < 0.6


def test_new_pictures_are_explored_where_they_cost_least() -> None:
    model = taught([impression(number, f"v{number}", [1, 2, 3], [2]) for number in range(30)])
    policy, thirds = SlatePolicy(epsilon=0.3, thrift=0.002, depth=3), Counter[int]()
    for seed in range(1_500):
        thirds[int(ranked(model, seed, pool(), policy).order[2])] += 1
    utilities = pool().features @ model.belief(CALM).mean.astype(np.float32)
    fresh = cold_start(pool(), model.effects, utilities, np.empty(0, np.intp), 256)
    assert set(fresh.tolist()) == set(range(40)) - {1, 2, 3}
    by_promise = fresh[np.argsort(-utilities[fresh])].tolist()[5:]  # The best are in the places before.
    assert thirds.keys() >= set(by_promise)
    promising, poor = by_promise[:10], by_promise[-10:]
    assert sum(thirds[item] for item in promising) > 1.5 * sum(thirds[item] for item in poor)


def test_only_the_most_promising_newcomers_are_considered_and_none_that_this_visitor_saw() -> None:
    model = taught([impression(0, "ann", [1, 2, 3], [2])])
    model.effects.reserve(40)
    utilities = np.arange(40, dtype=np.float32)
    seen = np.array([38], np.intp)
    assert cold_start(pool(), model.effects, utilities, seen, 3).tolist() == [36, 37, 39]


def test_of_two_pictures_the_less_known_one_comes_first_and_optimism_is_no_part_of_the_scores() -> None:
    twins = Candidates(np.arange(2), np.ones((2, WIDTH), np.float32))
    model = SlateModel(WIDTH, Priors(optimism=0.7))
    model.effects.reserve(2)
    model.effects.variance[1] /= 4.0
    model.effects.believe(model.effects.prior)
    reported = ranked(model, 1, twins, SlatePolicy(epsilon=1e-12, temperature=1e-7))
    assert reported.order.tolist() == [0, 1]
    assert reported.scores[0] == pytest.approx(reported.scores[1])
    assert reported.scores[0] == pytest.approx(model.priors.intercept)


def test_it_repeats_nothing_until_it_must() -> None:
    model = taught([impression(number, "ann", [3 * number, 3 * number + 1, 3 * number + 2], []) for number in range(4)])
    order = ranked(model, 1, pool(15), SlatePolicy(), "ann").order.tolist()
    assert sorted(order[:3]) == [12, 13, 14]
    assert order[3:] == list(range(12))


def test_a_picture_seen_before_comes_last_and_keeps_its_score() -> None:
    reported = ranked(SlateModel(WIDTH), 1, pool(15), SlatePolicy())
    belief = replace(SlateModel(WIDTH).belief(CALM, ""), seen=reported.order[:3])
    again = rank(pool(15), belief, SlateModel(WIDTH).effects, np.random.default_rng(1), policy=SlatePolicy(), count=15)
    assert again.order[-3:].tolist() == reported.order[:3].tolist()
    assert again.scores[-3:] == pytest.approx(reported.scores[:3])


def test_a_slate_is_not_three_times_the_same() -> None:
    """Two kinds of pictures, each liked by some visitors; the slate has both."""
    features = np.zeros((20, WIDTH), np.float32)
    features[:, 0], features[:10, 1], features[10:, 1] = 1.0, 3.0, -2.9
    order = ranked(SlateModel(WIDTH), 1, Candidates(np.arange(20), features), SlatePolicy(epsilon=1e-9)).order[:3]
    assert {bool(item < 10) for item in order} == {True, False}


def test_an_empty_pool_ranks_nothing() -> None:
    nothing = Candidates(np.empty(0, np.int64), np.empty((0, WIDTH), np.float32))
    assert not len(ranked(SlateModel(WIDTH), 0, nothing, SlatePolicy()).order)


def test_every_candidate_comes_once_and_none_falls_below_the_floor() -> None:
    model, floor = taught(some_impressions()), FLAT.epsilon / 16 * (1 - FLAT.fresh) / 40
    for seed in range(100):
        found = ranked(model, seed, pool(), FLAT)
        assert sorted(found.order.tolist()) == list(range(40))
        assert found.propensities.min() >= floor


def test_an_opinion_weighs_less_the_more_often_visitors_answered() -> None:
    plain = pool()
    rated = replace(plain, opinions=np.full(len(plain), 0.2, np.float32))
    model = taught([impression(number, f"visitor-{number}", [0, 1, 2], []) for number in range(200)])
    without, given = (
        dict(zip(r.order, r.scores, strict=True)) for r in (ranked(model, 0, c, FLAT) for c in (plain, rated))
    )
    gained = {item: float(given[item] - without[item]) for item in (0, 30)}
    assert gained[30] == pytest.approx(0.2, abs=1e-5)
    assert gained[0] < 0.19
