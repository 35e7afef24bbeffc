"""Prior scales learned from impressions, and how much visitors differ from how well their next likes are predicted."""

from itertools import product

import numpy as np
import pytest

from recommend.bandit.context import Context, Impression, slate_impression
from recommend.bandit.inference import Doubles, JointWeights, exchanged, log_probability
from recommend.bandit.priors import FIRST, Priors, best_variance, impressions_since_due
from recommend.bandit.slate_model import SlateModel
from recommend.bandit.snapshot import from_arrays, to_arrays
from recommend.bandit.visitors import PrequentialTuning, log_chance
from tests.recommend.bandit.slate_cast import CALM, WIDTH, impression, some_impressions, taught


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


def test_visitors_have_a_changed_prior_a_few_at_a_time_and_are_ranked_by_it_at_once() -> None:
    model = taught(some_impressions(40))
    model.visitors.prior = 3.0 * model.visitors.prior
    before = model.belief(CALM, "visitor-2")
    assert [model.visitors.renew(3) for _ in range(3)] == [False, False, True]
    assert model.belief(CALM, "visitor-2").mean == pytest.approx(before.mean)


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


def test_the_chances_of_all_that_can_be_liked_of_a_slate_add_up_to_one() -> None:
    mean, covariance = np.array([0.3, -1.0, -2.0]), np.diag([0.4, 0.1, 0.9]) + 0.05
    answers = [np.array(liked) for liked in product([False, True], repeat=3)]
    assert sum(np.exp(log_chance(mean, covariance, liked)) for liked in answers) == pytest.approx(1.0)


def test_the_chance_is_the_mean_over_what_utilities_may_be() -> None:
    mean, covariance, liked = np.array([0.3, -1.0]), np.array([[0.4, 0.1], [0.1, 0.9]]), np.array([True, False])
    drawn = np.random.default_rng(0).multivariate_normal(mean, covariance, 200_000)
    expected = np.exp(log_probability(drawn.T, liked)).mean()
    assert np.exp(log_chance(mean, covariance, liked)) == pytest.approx(expected, rel=0.01)


def test_a_slope_is_that_of_the_chance_under_larger_variances() -> None:
    """As if memory had been brought under other variances, exactly, and asked again."""
    rng = np.random.default_rng(1)
    seen, rows, prior = rng.standard_normal((9, 5)), rng.standard_normal((3, 5)), np.full(5, 0.2)
    covariance: Doubles = np.linalg.inv(seen.T @ seen + np.diag(1.0 / prior)).astype(np.float64)
    own, liked = covariance @ seen.T @ rng.standard_normal(9), np.array([False, True, False])

    def chance(times: float) -> float:
        mean, wider = exchanged(own, covariance, prior, times * prior)
        return log_chance(rows @ mean, rows @ wider @ rows.T + 0.3 * np.eye(3), liked)

    tuning = PrequentialTuning.none_yet()
    columns = covariance @ rows.T
    tuning.observe(rows @ own, rows @ columns + 0.3 * np.eye(3), own, prior, columns, liked)
    assert tuning.slopes.sum() == pytest.approx((chance(1.01) - chance(1 / 1.01)) / (2 * np.log(1.01)), rel=0.1)


def test_first_and_repeated_impressions_say_nothing_of_how_much_visitors_differ() -> None:
    model = SlateModel(WIDTH)
    model.learn(impression(1, "ada", [1, 2, 3], [2]))
    model.learn(impression(2, "ben", [1, 2, 3], []))
    assert not model.visitors.tuning.squares.any()
    model.learn(impression(3, "ada", [4, 5, 6], [5]))
    observed = model.visitors.tuning.slopes.copy()
    assert observed.any()
    model.learn(impression(3, "ada", [4, 5, 6], [5, 6]))
    assert model.visitors.tuning.slopes.tolist() == observed.tolist()


@pytest.mark.parametrize(("differ", "expected"), [(0.0, (0.0, 0.045)), (0.3, (0.1, 0.5))])
def test_it_finds_about_how_much_visitors_differ(differ: float, expected: tuple[float, float]) -> None:
    model = taught(_answers(differ), SlateModel(WIDTH, Priors(visitor=0.06)))
    assert expected[0] < model.visitors.prior[1:].mean() < expected[1]


def test_what_was_observed_survives_a_snapshot() -> None:
    model = taught(some_impressions(FIRST - 10))
    again = from_arrays(to_arrays(model))
    assert model.visitors.tuning.slopes.any()
    for one in some_impressions(150, seed=5):
        model.learn(one)
        again.learn(one)
    assert again.visitors.prior.tolist() == model.visitors.prior.tolist()
    assert again.visitors.tuning.certainty.tolist() == model.visitors.tuning.certainty.tolist()


def _answers(differ: float) -> list[Impression]:
    """Ten impressions each of visitors whose tastes have the variance `differ`, along all features but the constant."""
    rng = np.random.default_rng(6)
    tastes = np.sqrt(differ) * rng.standard_normal((260, WIDTH))
    tastes[:, 0] = -1.0
    impressions = []
    for number, visitor in enumerate(np.tile(np.arange(len(tastes)), 10).tolist()):
        features = rng.standard_normal((3, WIDTH)).astype(np.float32)
        features[:, 0] = 1.0
        weights = np.exp(features @ tastes[visitor])
        choice = int(np.searchsorted(np.cumsum(weights) / (1.0 + weights.sum()), rng.random()))
        items = 3 * number + np.arange(3)
        impressions.append(slate_impression(number, str(visitor), Context(), items, features, np.arange(3) == choice))
    return impressions
