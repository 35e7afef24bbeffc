"""Principal axes of picture features."""

import numpy as np

from recommend.encoders import Axes


def test_it_keeps_the_directions_that_stand_out() -> None:
    rng = np.random.default_rng(4)
    hidden = rng.standard_normal((2_000, 5))
    seen = hidden @ np.linalg.qr(rng.standard_normal((20, 5)))[0].T + 0.3 * rng.standard_normal((2_000, 20))
    axes = Axes.of(seen.astype(np.float32))
    projected = axes.project(seen.astype(np.float32))
    assert projected.shape == (2_000, 5)
    assert axes.width == 5
    explained = np.linalg.lstsq(projected, hidden, rcond=None)[0]
    assert ((projected @ explained - hidden) ** 2).mean() < 0.1


def test_it_keeps_no_more_than_asked_for() -> None:
    features = np.random.default_rng(1).standard_normal((500, 40)).astype(np.float32) * np.linspace(
        0.1, 5, 40, dtype=np.float32
    )
    assert Axes.of(features, most=7).width == 7
