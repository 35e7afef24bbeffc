"""How probable a like of a simulated slate is, told without playing it."""

import numpy as np
import pytest

from benchmarks.simulator.crowd import EXAMINED, any_like, choice, sessions_of
from benchmarks.simulator.world import GARDENS, World

NEVER = -np.inf


def test_of_one_picture_it_is_its_own_chance_where_it_is_looked_at() -> None:
    alone = 1.0 / (1.0 + np.exp(-0.4))
    for place, looked in enumerate(EXAMINED):
        utilities = np.full(3, NEVER)
        utilities[place] = 0.4
        assert any_like(utilities) == pytest.approx(looked * alone)


def test_it_is_the_share_of_visits_with_a_like() -> None:
    rng, utilities = np.random.default_rng(5), np.array([0.3, -1.0, 0.8])
    likes = [choice(utilities, lots) >= 0 for lots in rng.random((20_000, 4))]
    assert np.mean(likes) == pytest.approx(any_like(utilities), abs=0.015)


@pytest.mark.parametrize("returning", [0.0, 0.25])
def test_the_share_of_returning_visitors_is_as_asked(returning: float) -> None:
    world = World.of(32, 100, GARDENS["calibrated"])
    visitors = [session.visitor for session in sessions_of(world, 2_000, returning, seed=1)]
    assert 1.0 - len(set(visitors)) / len(visitors) == pytest.approx(returning, abs=0.03)
