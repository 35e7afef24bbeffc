"""How probable every set of likes is, and what one look teaches."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommend.bandit.inference import Doubles, log_probability, slope_and_curvature

UTILITIES = st.lists(st.floats(-45, 45), min_size=1, max_size=6).map(np.array)


def probabilities(utilities: Doubles) -> tuple[Doubles, Doubles]:
    """Every set of likes (2ᵏ × k) and its probability."""
    sets = np.array(list(product([False, True], repeat=len(utilities))))
    logs = [float(log_probability(utilities[:, None], liked)[0]) for liked in sets]
    return sets.astype(np.float64), np.exp(logs)


@given(UTILITIES)
def test_it_gives_all_sets_of_likes_a_total_probability_of_one(utilities: Doubles) -> None:
    assert probabilities(utilities)[1].sum() == pytest.approx(1.0)


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
