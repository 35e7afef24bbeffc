"""How much visitors differ, learned from how well their next answers are foreseen."""

from itertools import product

import numpy as np
import pytest

from recommend.bandit.context import Context, Look, slate_look
from recommend.bandit.inference import Doubles, exchanged, log_probability
from recommend.bandit.priors import FIRST, Priors
from recommend.bandit.slate_model import SlateModel
from recommend.bandit.snapshot import from_arrays, to_arrays
from recommend.bandit.visitors import PrequentialTuning, log_chance
from tests.recommend.bandit.slate_cast import WIDTH, look, some_looks, taught


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
    tuning.hear(rows @ own, rows @ columns + 0.3 * np.eye(3), own, prior, columns, liked)
    assert tuning.slopes.sum() == pytest.approx((chance(1.01) - chance(1 / 1.01)) / (2 * np.log(1.01)), rel=0.1)


def test_first_looks_and_looks_told_again_say_nothing_of_how_much_visitors_differ() -> None:
    model = SlateModel(WIDTH)
    model.learn(look(1, "ada", [1, 2, 3], [2]))
    model.learn(look(2, "ben", [1, 2, 3], []))
    assert not model.visitors.tuning.squares.any()
    model.learn(look(3, "ada", [4, 5, 6], [5]))
    heard = model.visitors.tuning.slopes.copy()
    assert heard.any()
    model.learn(look(3, "ada", [4, 5, 6], [5, 6]))
    assert model.visitors.tuning.slopes.tolist() == heard.tolist()


@pytest.mark.parametrize(("differ", "expected"), [(0.0, (0.0, 0.045)), (0.3, (0.1, 0.5))])
def test_it_finds_about_how_much_visitors_differ(differ: float, expected: tuple[float, float]) -> None:
    model = taught(_answers(differ), SlateModel(WIDTH, Priors(visitor=0.06)))
    assert expected[0] < model.visitors.prior[1:].mean() < expected[1]


def test_what_was_heard_survives_a_snapshot() -> None:
    model = taught(some_looks(FIRST - 10))
    again = from_arrays(to_arrays(model))
    assert model.visitors.tuning.slopes.any()
    for one in some_looks(150, seed=5):
        model.learn(one)
        again.learn(one)
    assert again.visitors.prior.tolist() == model.visitors.prior.tolist()
    assert again.visitors.tuning.certainty.tolist() == model.visitors.tuning.certainty.tolist()


def _answers(differ: float) -> list[Look]:
    """Ten looks each of visitors whose tastes have the variance `differ`, along all features but the constant."""
    rng = np.random.default_rng(6)
    tastes = np.sqrt(differ) * rng.standard_normal((260, WIDTH))
    tastes[:, 0] = -1.0
    looks = []
    for number, visitor in enumerate(np.tile(np.arange(len(tastes)), 10).tolist()):
        features = rng.standard_normal((3, WIDTH)).astype(np.float32)
        features[:, 0] = 1.0
        weights = np.exp(features @ tastes[visitor])
        choice = int(np.searchsorted(np.cumsum(weights) / (1.0 + weights.sum()), rng.random()))
        items = 3 * number + np.arange(3)
        looks.append(slate_look(number, str(visitor), Context(), items, features, np.arange(3) == choice))
    return looks
