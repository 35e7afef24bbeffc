"""What is believed before the first look, and prior scales learned from the looks themselves (empirical Bayes).

How much people differ by mood or by person, and how much pictures differ beyond their features, is not known
before a garden opens. For a group of weights with prior variance τ², posterior means m and variances v, the
evidence of the data is highest where (MacKay 1992, "The evidence framework")

    τ² = Σ m² / γ,    γ = Σ (1 − v / τ²)  the number of weights that the data determine.

`_STRENGTH` weights at the variance believed at first join the group, so that few data move it little. Changing
a prior afterwards is exact for a Gaussian: its precision is exchanged, the evidence stays.

It is done in small parts, one with each of the looks that follow, so that no visitor waits for it; what is to be done
follows from the number of looks alone, so every process does the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from recommend.bandit.context import CELLS, JOINT_BLOCKS, KINDS, SIDE_BLOCKS
from recommend.bandit.inference import Doubles

if TYPE_CHECKING:
    from recommend.bandit.slate_model import SlateModel


@dataclass(frozen=True)
class Priors:
    """Variances of weights in squared logits per squared unit of a feature; features are of order one.

    `intercept`: expected logit of a like, of feature 0, which must be constant 1; `optimism`: standard
    deviations by which a picture's effect is overrated in ranking; `visitors`, `looks` and `seen`: how many
    visitors are remembered, and how many of each one's looks and items; `recalled`: how many looks of a visitor who is
    not are replayed when they come back.
    """

    intercept: float = -2.5
    constant: float = 1.0
    shared: float = 0.05
    context: float = 0.005
    cell: float = 0.005
    side: float = 0.001
    visitor: float = 0.04
    effect: float = 0.1
    position: float = 0.1
    optimism: float = 1.0
    visitors: int = 512
    looks: int = 8
    seen: int = 512
    recalled: int = 24

    def __post_init__(self) -> None:
        variances = (self.constant, self.shared, self.context, self.cell, self.side, self.visitor, self.effect)
        if min(variances) <= 0 or self.position <= 0 or min(self.visitors, self.looks, self.seen, self.recalled) < 1:
            raise ValueError(f"Prior variances and capacities are above 0, not {self}.")

    def joint_variances(self, blocks: int, width: int) -> Doubles:
        """Variances of the joint weights, blocks × width."""
        variances = np.full((blocks, width), self.context)
        variances[0], variances[0, 0] = self.shared, self.constant
        return variances

    def side_variances(self, blocks: int, cells: int, width: int) -> Doubles:
        """Variances of the side weights, blocks × width; the first `cells` are cells."""
        variances = np.full((blocks, width), self.side)
        variances[:cells] = self.cell
        return variances


FIRST = 100
_ROUNDS = 3
_STRENGTH = 6.0
_LEAST, _MOST = 1e-6, 4.0
_SIDE_BLOCKS_AT_ONCE = 16
_VISITORS_AT_ONCE = 24


def looks_since_due(learned: int) -> int | None:
    """How many looks ago the number of looks had doubled: 100, 200, 400, …; None before the first."""
    if learned < FIRST:
        return None
    return learned - (FIRST << (learned // FIRST).bit_length() - 1)


def retune(model: "SlateModel") -> None:
    """With each of the first looks since it was due, move one part of the priors to where the evidence is highest."""
    if is_moving(model.learned):
        model.visitors.renew(_VISITORS_AT_ONCE)
        _PARTS[(looks_since_due(model.learned) or 0) % len(_PARTS)](model)


def is_moving(learned: int) -> bool:
    """Whether one of the looks that have a part to do is the one just learned."""
    since = looks_since_due(learned)
    return since is not None and since < _ROUNDS * len(_PARTS)


def _retune_joint(model: "SlateModel", block: int) -> None:
    """One scale for everybody's weights, one for each kind of context, one for what contexts add to the constant."""
    joint, width = model.joint, model.width
    kind = next(blocks for blocks in KINDS if blocks.start <= block < blocks.stop)
    mean, prior = joint.mean.reshape(-1, width)[kind], joint.prior.reshape(-1, width)[kind]
    variance = np.diag(joint.covariance).reshape(-1, width)[kind]
    start = model.priors.joint_variances(JOINT_BLOCKS, width)[block]
    changed = prior[block - kind.start].copy()
    for columns in (slice(0, 1), slice(1, width)):
        if block or columns.start:
            part = np.s_[:, columns]
            changed[columns] = best_variance(mean[part], variance[part], prior[part], start[columns].mean())
    joint.believe(block, changed)


def _retune_side(model: "SlateModel", blocks: slice) -> None:
    """One scale for cells, one for the other blocks; `blocks` are all of one kind."""
    side, are_cells = model.side, blocks.start < CELLS
    kind, start = (slice(0, CELLS), model.priors.cell) if are_cells else (slice(CELLS, None), model.priors.side)
    variance = np.diagonal(side.covariance, axis1=1, axis2=2)
    found = best_variance(side.mean[kind], variance[kind], side.prior[kind], start)
    side.believe(blocks, np.full_like(side.prior[blocks], found))


def _retune_visitors(model: "SlateModel") -> None:
    """By prequential tuning instead, once all who are remembered have the prior found before."""
    visitors = model.visitors
    if visitors.renew(0):
        visitors.prior = visitors.tuning.moved(visitors.prior)


def _retune_effects(model: "SlateModel") -> None:
    effects = model.effects
    looked = effects.looks > 0
    mean, variance = effects.mean[looked].astype(np.float64), effects.variance[looked].astype(np.float64)
    effects.believe(best_variance(mean, variance, np.full(len(mean), effects.prior), model.priors.effect))


def best_variance(mean: Doubles, variance: Doubles, prior: Doubles, start: float) -> float:
    """One step of MacKay's fixed point for the prior variance that a group of weights shares."""
    determined = np.clip(1.0 - variance / prior, 0.0, 1.0).sum()
    found = (_STRENGTH * start + (mean**2).sum()) / (_STRENGTH + determined)
    return float(np.clip(found, _LEAST, _MOST))


def _sides() -> list[slice]:
    """The side blocks, a few at once; cells and others apart."""
    bounds = [*range(0, CELLS, _SIDE_BLOCKS_AT_ONCE), *range(CELLS, SIDE_BLOCKS, _SIDE_BLOCKS_AT_ONCE), SIDE_BLOCKS]
    return [slice(*pair) for pair in pairwise(bounds)]


_PARTS: tuple[Callable[["SlateModel"], None], ...] = (
    *(partial(_retune_joint, block=block) for block in range(JOINT_BLOCKS)),
    *(partial(_retune_side, blocks=blocks) for blocks in _sides()),
    _retune_visitors,
    _retune_effects,
)
