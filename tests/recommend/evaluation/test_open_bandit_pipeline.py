"""Our estimators equal Open Bandit Pipeline's, on the real clicks that its package carries (ZOZOTOWN, 2019)."""

import csv
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from recommend.evaluation.estimators import Ratios, Sample, doubly_robust, inverse_propensity, self_normalized

FILES = [("random", "all"), ("random", "men"), ("random", "women"), ("bts", "all"), ("bts", "men"), ("bts", "women")]


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
