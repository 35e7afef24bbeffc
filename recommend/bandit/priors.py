"""Prior variances, and their scales learned from impressions (empirical Bayes); the model's state.

How much tastes differ by emotion or by person, and how much pictures differ beyond their features, is not known
before a garden opens. For a group of weights with prior variance τ², posterior means m and variances v, the
evidence of the data is highest where (MacKay 1992, "The evidence framework")

    τ² = Σ m² / γ,    γ = Σ (1 − v / τ²)  the number of weights that the data determine.

`_STRENGTH` weights at the variance believed at first join the group, so that few data move it little. Changing
a prior afterwards is exact for a Gaussian: its precision is exchanged, the evidence stays.

It is done in small parts, one with each of the following impressions, so that no visitor waits for it. The parts depend
on the number of impressions alone, so every process does the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from recommend.bandit.context import BLOCKS, KINDS
from recommend.bandit.inference import Doubles, Effects, JointWeights
from recommend.bandit.visitors import Visitors


@dataclass(frozen=True)
class Priors:
    """Variances of weights in squared logits per squared unit of a feature; features are of order one.

    `intercept`: expected logit of a like, of feature 0, which must be constant 1; `optimism`: standard
    deviations added to a picture's effect in ranking; `visitors`, `impressions` and `seen`: how many visitors are
    remembered, and how many impressions and items of each.
    """

    intercept: float = -2.5
    constant: float = 1.0
    shared: float = 0.05
    context: float = 0.005
    visitor: float = 0.04
    effect: float = 0.1
    position: float = 0.1
    optimism: float = 1.0
    visitors: int = 512
    impressions: int = 8
    seen: int = 512

    def __post_init__(self) -> None:
        variances = (self.constant, self.shared, self.context, self.visitor, self.effect, self.position)
        if min(variances) <= 0 or min(self.visitors, self.impressions, self.seen) < 1:
            raise ValueError(f"Prior variances and capacities are above 0, not {self}.")

    def joint_variances(self, blocks: int, width: int) -> Doubles:
        """Variances of the joint weights, blocks × width."""
        variances = np.full((blocks, width), self.context)
        variances[0], variances[0, 0] = self.shared, self.constant
        return variances


POSITIONS = 32


@dataclass(slots=True)
class ModelState:
    """All that a model has learned, and the priors it began with; snapshot.py writes it."""

    width: int
    priors: Priors = field(default_factory=Priors)
    joint: JointWeights = field(init=False)
    visitors: Visitors = field(init=False)
    effects: Effects = field(init=False)
    positions: Effects = field(init=False)
    learned: int = 0

    def __post_init__(self) -> None:
        priors, width = self.priors, self.width
        self.joint = JointWeights.of(priors.joint_variances(BLOCKS, width))
        self.visitors = Visitors(np.full(width, priors.visitor), priors.visitors)
        self.effects = Effects.of(priors.effect, priors.optimism)
        self.positions = Effects.of(priors.position, size=POSITIONS)
        self.positions.variance[0] = 1e-6
        self.joint.mean[0] = priors.intercept


FIRST = 100
_ROUNDS = 3
_STRENGTH = 6.0
_LEAST, _MOST = 1e-6, 4.0


def impressions_since_due(learned: int) -> int | None:
    """How many impressions ago the number of impressions had doubled: 100, 200, 400, …; None before the first."""
    if learned < FIRST:
        return None
    return learned - (FIRST << (learned // FIRST).bit_length() - 1)


def retune(model: ModelState) -> None:
    """Move one part of the priors towards the highest evidence, with each of the first impressions since due."""
    if is_moving(model.learned):
        _PARTS[(impressions_since_due(model.learned) or 0) % len(_PARTS)](model)


def is_moving(learned: int) -> bool:
    """Whether a part is done with the impression just learned."""
    since = impressions_since_due(learned)
    return since is not None and since < _ROUNDS * len(_PARTS)


def _retune_joint(model: ModelState, block: int) -> None:
    """One scale for shared weights, one for each kind of context, one for the constants of contexts."""
    joint, width = model.joint, model.width
    kind = next(blocks for blocks in KINDS if blocks.start <= block < blocks.stop)
    mean, prior = joint.mean.reshape(-1, width)[kind], joint.prior.reshape(-1, width)[kind]
    variance = np.diag(joint.covariance).reshape(-1, width)[kind]
    start = model.priors.joint_variances(BLOCKS, width)[block]
    changed = prior[block - kind.start].copy()
    for columns in (slice(0, 1), slice(1, width)):
        if block or columns.start:
            part = np.s_[:, columns]
            changed[columns] = best_variance(mean[part], variance[part], prior[part], start[columns].mean())
    joint.believe(block, changed)


def _retune_effects(model: ModelState) -> None:
    effects = model.effects
    looked = effects.impressions > 0
    mean, variance = effects.mean[looked].astype(np.float64), effects.variance[looked].astype(np.float64)
    effects.believe(best_variance(mean, variance, np.full(len(mean), effects.prior), model.priors.effect))


def best_variance(mean: Doubles, variance: Doubles, prior: Doubles, start: float) -> float:
    """One step of MacKay's fixed point for the prior variance that a group of weights shares."""
    determined = np.clip(1.0 - variance / prior, 0.0, 1.0).sum()
    found = (_STRENGTH * start + (mean**2).sum()) / (_STRENGTH + determined)
    return float(np.clip(found, _LEAST, _MOST))


_PARTS: tuple[Callable[[ModelState], None], ...] = (
    *(partial(_retune_joint, block=block) for block in range(BLOCKS)),
    _retune_effects,
)
