"""Prior scales learned from impressions."""

import numpy as np
import pytest

from recommend.bandit.inference import Doubles, JointWeights
from recommend.bandit.priors import best_variance, impressions_since_due
from recommend.bandit.slate_model import SlateModel
from tests.recommend.bandit.slate_cast import WIDTH, some_impressions, taught


def test_it_is_due_when_the_impressions_have_doubled() -> None:
    assert [number for number in range(1_000) if impressions_since_due(number) == 0] == [100, 200, 400, 800]
    assert [impressions_since_due(number) for number in (99, 100, 199, 450)] == [None, 0, 99, 50]


def test_exchanging_the_prior_of_one_block_keeps_what_it_learned_together_with_the_others() -> None:
    rng = np.random.default_rng(4)
    evidence = rng.standard_normal((6, 6))
    old, new = np.full(6, 0.5), np.array([0.5, 0.5, 2.0, 0.1, 0.5, 0.5])
    covariance: Doubles = np.linalg.inv(evidence @ evidence.T + np.diag(1.0 / old)).astype(np.float64)
    weights = JointWeights(covariance @ np.ones(6), covariance.copy(), old.copy())
    weights.believe(1, new[2:4])
    expected = np.linalg.inv(evidence @ evidence.T + np.diag(1.0 / new))
    assert weights.covariance == pytest.approx(expected)
    assert weights.mean == pytest.approx(expected @ np.ones(6))
    assert weights.prior.tolist() == new.tolist()


def test_no_impression_moves_more_than_one_block_of_the_weights_that_are_learned_together() -> None:
    model = taught(some_impressions(100))
    for one in some_impressions(90, seed=2):
        before = model.joint.prior.reshape(-1, WIDTH).copy()
        model.learn(one)
        moved = (model.joint.prior.reshape(-1, WIDTH) != before).any(1)
        assert moved.sum() <= 1


def test_it_finds_the_variance_that_weights_were_drawn_from() -> None:
    rng = np.random.default_rng(2)
    observed, noise, prior = 0.7 * rng.standard_normal(5_000), 0.5, np.array(0.01)
    observed = observed + noise * rng.standard_normal(5_000)
    for _ in range(60):
        variance = 1.0 / (1.0 / prior + 1.0 / noise**2)
        prior = np.array(best_variance(variance * observed / noise**2, np.full(5_000, variance), prior, 0.01))
    assert float(prior) == pytest.approx(0.49, rel=0.1)


def test_scales_move_with_the_evidence() -> None:
    before, after = SlateModel(WIDTH), taught(some_impressions(220))
    assert after.effects.prior != before.effects.prior
    assert not np.array_equal(after.joint.prior, before.joint.prior)
    assert np.isfinite(after.joint.covariance).all()
