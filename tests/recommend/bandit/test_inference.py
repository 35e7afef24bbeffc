"""How probable every set of likes is, what one impression teaches, and samples of a visitor's weights."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommend.bandit.inference import SEVERAL, Doubles, Floats, sampled, slope_and_curvature

UTILITIES = st.lists(st.floats(-45, 45), min_size=1, max_size=6).map(np.array)


def probabilities(utilities: Doubles) -> tuple[Doubles, Doubles]:
    """Every set of likes (2ᵏ × k) and its probability; of two likes or more SEVERAL times that of independent ones."""
    sets = np.array(list(product([0.0, 1.0], repeat=len(utilities))))
    weights = np.exp(sets @ np.clip(utilities, -30, 30)) * np.where(sets.sum(1) > 1, SEVERAL, 1.0)
    return sets, weights / weights.sum()


@given(UTILITIES)
def test_it_learns_from_what_is_above_the_expected_likes_and_by_their_covariance(utilities: Doubles) -> None:
    sets, chances = probabilities(utilities)
    expected = chances @ sets
    covariance = (sets - expected).T @ ((sets - expected) * chances[:, None])
    for liked in sets.astype(np.bool_):
        slope, curvature = slope_and_curvature(utilities, liked)
        assert slope == pytest.approx(liked - expected, abs=1e-8)
        assert curvature == pytest.approx(covariance, abs=1e-8)


@given(UTILITIES)
def test_its_curvature_can_be_taken_apart(utilities: Doubles) -> None:
    _, curvature = slope_and_curvature(utilities, utilities > 0)
    assert np.isfinite(np.linalg.cholesky(curvature)).all()


def believed(width: int, seed: int = 0) -> tuple[Doubles, Doubles]:
    """A mean and a covariance in which everything hangs together."""
    rng = np.random.default_rng(seed)
    root = rng.standard_normal((width, width))
    return rng.standard_normal(width), root @ root.T / width


def pictures(width: int, differing: int | None = None) -> Floats:
    """Fifty rows; they differ along the first `differing` features."""
    rows = np.random.default_rng(7).standard_normal((50, width)).astype(np.float32)
    rows[:, width if differing is None else differing :] = 0.0
    return rows


def covariance_of(samples: Doubles) -> Doubles:
    apart = samples - samples.mean(1, keepdims=True)
    covariance: Doubles = apart @ apart.T / samples.shape[1]
    return covariance


@pytest.mark.parametrize("width", [1, 6, 16])
def test_with_a_pair_for_each_direction_mean_and_covariance_are_exact(width: int) -> None:
    mean, covariance = believed(width)
    samples = sampled(mean, covariance, pictures(width), 32)
    assert samples.mean(1) == pytest.approx(mean)
    assert covariance_of(samples) == pytest.approx(covariance)


def test_with_fewer_pairs_they_are_exact_where_the_pictures_differ() -> None:
    mean, covariance = believed(30)
    rows = pictures(30, differing=4)
    utilities = rows @ sampled(mean, covariance, rows, 8)
    assert utilities.mean(1) == pytest.approx(rows @ mean)
    assert covariance_of(utilities) == pytest.approx(rows @ covariance @ rows.T, abs=1e-9)


def test_what_is_known_for_sure_does_not_differ_between_samples() -> None:
    mean, covariance = believed(5)
    covariance[2, :] = covariance[:, 2] = 0.0
    samples = sampled(mean, covariance, pictures(5), 32)
    assert samples[2] == pytest.approx(np.full(32, mean[2]))


def test_a_covariance_that_rounding_left_slightly_negative_gives_samples() -> None:
    samples = sampled(np.zeros(3), np.diag([1.0, 1e-3, -1e-15]), pictures(3), 32)
    assert np.isfinite(samples).all()
