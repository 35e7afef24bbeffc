"""Estimators find the truth of a world that is known, and say how sure they are."""

from dataclasses import replace

import numpy as np
import pytest

from recommend.evaluation.estimators import (
    ESTIMATORS,
    Looks,
    RewardModel,
    Sample,
    bootstrap_interval,
    effective_size,
    normal_interval,
    on_policy,
    reach,
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
@pytest.mark.parametrize("interval", [normal_interval, bootstrap_interval])
def test_its_interval_holds_the_truth_as_often_as_it_says(name: str, interval: object) -> None:
    hits = 0
    for seed in range(200):
        sample = world(400, seed)
        arguments = {} if interval is normal_interval else {"replicates": 200}
        found = interval(ESTIMATORS[name](sample), sample.people, **arguments)  # type: ignore[operator]
        hits += found.low <= TRUTH <= found.high
    assert 0.89 <= hits / 200 <= 0.99


def test_the_better_model_makes_doubly_robust_narrower_than_ips() -> None:
    sample = world(4_000, 3)
    widths = {}
    for name, estimator in ESTIMATORS.items():
        found = normal_interval(estimator(sample), sample.people)
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
    one, other = (normal_interval(on_policy(sample), sample.people) for sample in (once, twice))
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
    for interval in (normal_interval, bootstrap_interval):
        assert np.isinf(interval(on_policy(sample), sample.people).high)


def test_the_reward_model_never_hears_its_own_prophecy() -> None:
    pictures = np.zeros((10, 1), np.int64)
    rewards = np.zeros((10, 1))
    folds = np.arange(10) % 5
    rewards[folds == 2] = 1.0
    model = RewardModel(Looks(pictures, rewards, folds), pictures=1)
    assert model.predict(2)[0, 0] < model.predict(0)[0, 0]
    assert model.predict(2)[0, 0] < 0.1


def test_a_bound_that_may_be_looked_at_always_is_wider_than_one_look_and_holds_all_along() -> None:
    assert reach(1.0, 300, tightest_at=300) > 1.96
    rng = np.random.default_rng(1)
    misses = 0
    for _ in range(100):
        draws = (rng.random(3_000) < 0.4).astype(float)
        looks = np.arange(50, 3_001, 10)
        means = np.cumsum(draws)[looks - 1] / looks
        misses += any(
            abs(mean - 0.4) > reach(float(np.sqrt(0.24 / people)), int(people), tightest_at=300)
            for mean, people in zip(means, looks, strict=True)
        )
    assert misses <= 5
