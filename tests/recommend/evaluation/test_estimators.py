"""Estimators find the truth of a known world, say how sure they are, and equal those of Open Bandit Pipeline."""

import csv
import importlib.util
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binomtest

from recommend.evaluation.estimators import (
    ESTIMATORS,
    Impressions,
    Rate,
    Ratios,
    RewardModel,
    Sample,
    doubly_robust,
    effective_size,
    interval,
    inverse_propensity,
    lift,
    on_policy,
    reach,
    self_normalized,
)

RATES = np.array([0.05, 0.1, 0.2, 0.5])
LOGGED = np.array([0.4, 0.3, 0.2, 0.1])
TARGET = np.array([0.1, 0.1, 0.2, 0.6])
SLOTS = 3
TRUTH = SLOTS * float(TARGET @ RATES)
PROPHECY = np.array([0.1, 0.1, 0.1, 0.4])


def world(slates: int, seed: int, visits: int = 1) -> Sample:
    """Slates whose slots are drawn on their own; `visits` of them are one person's."""
    rng = np.random.default_rng(seed)
    shown = rng.choice(4, size=(slates, SLOTS), p=LOGGED)
    return Sample(
        rewards=(rng.random((slates, SLOTS)) < RATES[shown]).astype(float),
        weights=TARGET[shown] / LOGGED[shown],
        seen=np.ones((slates, SLOTS)),
        predicted=PROPHECY[shown],
        expected=np.full((slates, SLOTS), float(PROPHECY @ TARGET)),
        people=np.arange(slates) // visits,
    )


@pytest.mark.parametrize("name", ESTIMATORS)
def test_it_finds_the_truth(name: str) -> None:
    assert ESTIMATORS[name](world(40_000, 1)).value == pytest.approx(TRUTH, abs=0.03)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_its_interval_holds_the_truth_as_often_as_it_says(name: str) -> None:
    hits = 0
    for seed in range(200):
        sample = world(400, seed)
        found = interval(ESTIMATORS[name](sample), sample.people)
        hits += found.low <= TRUTH <= found.high
    assert 0.89 <= hits / 200 <= 0.99


def test_the_better_model_makes_doubly_robust_narrower_than_ips() -> None:
    sample = world(4_000, 3)
    widths = {}
    for name, estimator in ESTIMATORS.items():
        found = interval(estimator(sample), sample.people)
        widths[name] = found.high - found.low
    assert widths["DR"] < 0.9 * widths["IPS"]


def test_slates_of_one_person_count_together() -> None:
    once = world(1_000, 5)
    twice = replace(
        once,
        rewards=np.concatenate([once.rewards, once.rewards]),
        seen=np.concatenate([once.seen, once.seen]),
        people=np.concatenate([once.people, once.people]),
    )
    one, other = (interval(on_policy(sample), sample.people) for sample in (once, twice))
    assert (other.low, other.high) == pytest.approx((one.low, one.high))


def test_equal_policies_are_worth_every_slate_and_disjoint_ones_none() -> None:
    sample = world(100, 1)
    assert effective_size(replace(sample, weights=np.ones((100, SLOTS)))) == pytest.approx(100)
    assert effective_size(replace(sample, weights=np.zeros((100, SLOTS)))) == 0


def test_a_shorter_slate_is_not_a_disliked_one() -> None:
    sample = world(1_000, 1)
    seen = np.ones((1_000, SLOTS))
    seen[500:, 2] = 0
    short = replace(sample, seen=seen)
    full = sample.rewards[:500, 2].mean() + sample.rewards[:, :2].mean(axis=0).sum()
    assert on_policy(short).value == pytest.approx(full)


def test_one_person_alone_is_no_interval() -> None:
    sample = world(1, 1)
    assert np.isinf(interval(on_policy(sample), sample.people).high)


def test_the_reward_model_never_learns_from_the_slates_it_predicts() -> None:
    pictures = np.zeros((10, 1), np.int64)
    rewards = np.zeros((10, 1))
    folds = np.arange(10) % 5
    rewards[folds == 2] = 1.0
    model = RewardModel(Impressions(pictures, rewards, folds), pictures=1)
    assert model.predict(2)[0, 0] < model.predict(0)[0, 0]
    assert model.predict(2)[0, 0] < 0.1


def test_a_bound_for_repeated_looks_is_wider_than_one_for_a_single_look_and_always_holds() -> None:
    assert reach(1.0, 300, tightest_at=300) > 1.96
    rng = np.random.default_rng(1)
    misses = 0
    for _ in range(100):
        draws = (rng.random(3_000) < 0.4).astype(float)
        impressions = np.arange(50, 3_001, 10)
        means = np.cumsum(draws)[impressions - 1] / impressions
        misses += any(
            abs(mean - 0.4) > reach(float(np.sqrt(0.24 / people)), int(people), tightest_at=300)
            for mean, people in zip(means, impressions, strict=True)
        )
    assert misses <= 5


@given(st.integers(1, 500).flatmap(lambda tries: st.tuples(st.integers(0, tries), st.just(tries))))
def test_its_interval_is_wilsons(counts: tuple[int, int]) -> None:
    hits, tries = counts
    expected = binomtest(hits, tries).proportion_ci(method="wilson")
    rate = Rate(hits, tries)
    assert (rate.low, rate.high) == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert 0 <= rate.low <= hits / tries <= rate.high <= 1


def test_nothing_tried_is_nothing_known() -> None:
    assert (Rate(0, 0).value, Rate(0, 0).low, Rate(0, 0).high) == (None, 0.0, 1.0)


def test_a_lift_is_a_ratio_with_an_interval() -> None:
    found = lift(Rate(300, 1_000), Rate(200, 1_000))
    assert found is not None
    assert found.value == pytest.approx(0.5)
    assert found.low < 0.5 < found.high
    assert found.low > 0
    assert lift(Rate(3, 10), Rate(0, 10)) is None


FILES = [("random", "men"), ("bts", "all")]


class Clicks(NamedTuple):
    """Rounds of the log, and a made-up policy (rounds × actions × positions) with a made-up reward model."""

    reward: NDArray[np.float64]
    action: NDArray[np.int64]
    position: NDArray[np.int64]
    pscore: NDArray[np.float64]
    action_dist: NDArray[np.float64]
    model: NDArray[np.float64]


def clicks(behavior: str, campaign: str) -> Clicks:
    """Read as obp reads them; its own reader does not run on today's pandas."""
    spec = importlib.util.find_spec("obp")
    assert spec is not None, "requirements/peers.txt is not installed"
    assert spec.origin is not None
    path = Path(spec.origin).parent / "dataset" / "obd" / behavior / campaign / f"{campaign}.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    action = np.array([int(row["item_id"]) for row in rows])
    _, position = np.unique([int(row["position"]) for row in rows], return_inverse=True)
    rng = np.random.default_rng(7)
    shape = (len(rows), action.max() + 1, position.max() + 1)
    chances = rng.dirichlet(np.full(shape[1], 0.3), size=(shape[0], shape[2])).transpose(0, 2, 1)
    return Clicks(
        reward=np.array([float(row["click"]) for row in rows]),
        action=action,
        position=position,
        pscore=np.array([float(row["propensity_score"]) for row in rows]),
        action_dist=chances,
        model=rng.uniform(0, 0.02, shape),
    )


def sample_of(log: Clicks) -> Sample:
    """Rounds as slates of one slot."""
    rounds = np.arange(len(log.reward))
    chosen = log.action_dist[rounds, log.action, log.position]
    here = log.model[rounds, :, log.position], log.action_dist[rounds, :, log.position]
    return Sample(
        rewards=log.reward[:, None],
        weights=(chosen / log.pscore)[:, None],
        seen=np.ones((len(rounds), 1)),
        predicted=log.model[rounds, log.action, log.position][:, None],
        expected=(here[0] * here[1]).sum(axis=1)[:, None],
        people=rounds,
    )


@pytest.mark.parametrize(("behavior", "campaign"), FILES)
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (inverse_propensity, "InverseProbabilityWeighting"),
        (self_normalized, "SelfNormalizedInverseProbabilityWeighting"),
        (doubly_robust, "DoublyRobust"),
    ],
)
def test_it_equals_open_bandit_pipeline(
    behavior: str, campaign: str, ours: Callable[[Sample], Ratios], theirs: str
) -> None:
    import obp.ope

    log = clicks(behavior, campaign)
    asked: dict[str, Any] = {name: getattr(log, name) for name in ("reward", "action", "position", "pscore")}
    if theirs == "DoublyRobust":
        asked["estimated_rewards_by_reg_model"] = log.model
    expected = getattr(obp.ope, theirs)().estimate_policy_value(action_dist=log.action_dist, **asked)
    assert expected > 0
    assert ours(sample_of(log)).value == pytest.approx(expected, rel=1e-9, abs=1e-12)
