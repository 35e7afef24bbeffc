"""Prior scales learned from looks."""

import numpy as np
import pytest

from recommend.learning.evidence import best_variance, due
from recommend.learning.slate_model import SlateModel
from recommend.learning.weights import exchanged
from tests.recommend.learning.slate_cast import WIDTH, some_looks, taught


def test_it_is_due_when_the_looks_have_doubled() -> None:
    assert [number for number in range(1_000) if due(number)] == [100, 200, 400, 800]


def test_exchanging_a_prior_is_as_if_it_had_been_the_other_from_the_start() -> None:
    rng = np.random.default_rng(3)
    rows, values = rng.standard_normal((7, 4)), rng.standard_normal(7)

    def posterior(prior: float) -> tuple[np.ndarray, np.ndarray]:
        covariance = np.linalg.inv(rows.T @ rows + np.eye(4) / prior)
        return covariance @ rows.T @ values, covariance

    mean, covariance = exchanged(*posterior(2.0), np.full(4, 2.0), np.full(4, 0.1))
    assert mean == pytest.approx(posterior(0.1)[0])
    assert covariance == pytest.approx(posterior(0.1)[1])


def test_it_finds_the_variance_that_weights_were_drawn_from() -> None:
    rng = np.random.default_rng(2)
    observed, noise, prior = 0.7 * rng.standard_normal(5_000), 0.5, np.array(0.01)
    observed = observed + noise * rng.standard_normal(5_000)
    for _ in range(60):
        variance = 1.0 / (1.0 / prior + 1.0 / noise**2)
        prior = np.array(best_variance(variance * observed / noise**2, np.full(5_000, variance), prior, 0.01))
    assert float(prior) == pytest.approx(0.49, rel=0.1)


def test_scales_move_with_the_evidence() -> None:
    before, after = SlateModel(WIDTH), taught(some_looks(220))
    assert after.effects.prior != before.effects.prior
    assert not np.array_equal(after.joint.prior, before.joint.prior)
    assert np.isfinite(after.joint.covariance).all()
