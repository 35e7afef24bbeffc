"""Prior scales learned from the looks themselves: empirical Bayes.

How much people differ by mood or by person, and how much pictures differ beyond their features, is not known
before a garden opens. For a group of weights with prior variance τ², posterior means m and variances v, the
evidence of the data is highest where (MacKay 1992, "The evidence framework")

    τ² = Σ m² / γ,    γ = Σ (1 − v / τ²)  the number of weights that the data determine.

`strength` weights at the variance believed at first join the group, so that few data move it little. Changing
a prior afterwards is exact for a Gaussian: its precision is exchanged, the evidence stays.
"""

from typing import TYPE_CHECKING

import numpy as np

from recommend.learning.arrays import Doubles
from recommend.learning.context import CELLS, KINDS

if TYPE_CHECKING:
    from recommend.learning.slate_model import SlateModel

FIRST = 100
_ROUNDS = 4
_STRENGTH = 6.0
_LEAST, _MOST = 1e-6, 4.0


def due(learned: int) -> bool:
    """After 100 looks, 200, 400, …"""
    times, rest = divmod(learned, FIRST)
    return rest == 0 and times > 0 and times & (times - 1) == 0


def retune(model: "SlateModel") -> None:
    """Move every prior variance to where the evidence is highest, and the posteriors with them."""
    for _ in range(_ROUNDS):
        _retune_joint(model)
        _retune_side(model)
        _retune_visitors(model)
        _retune_effects(model)


def _retune_joint(model: "SlateModel") -> None:
    """One scale for everybody's weights, one for each kind of context, one for what contexts add to the constant."""
    joint, width = model.joint, model.width
    prior = joint.prior.reshape(-1, width).copy()
    mean, variance = joint.mean.reshape(-1, width), np.diag(joint.covariance).reshape(-1, width)
    start = model.priors.joint_variances(len(prior), width)
    for blocks in KINDS:
        for columns in (slice(0, 1), slice(1, width)):
            if blocks.start == 0 and columns.start == 0:
                continue
            part = (blocks, columns)
            prior[part] = best_variance(mean[part], variance[part], prior[part], start[part].mean())
    joint.believe(prior.ravel())


def _retune_side(model: "SlateModel") -> None:
    side = model.side
    prior, variance = side.prior.copy(), np.diagonal(side.covariance, axis1=1, axis2=2)
    for blocks, start in ((slice(0, CELLS), model.priors.cell), (slice(CELLS, None), model.priors.side)):
        prior[blocks] = best_variance(side.mean[blocks], variance[blocks], side.prior[blocks], start)
    side.believe(prior)


def _retune_visitors(model: "SlateModel") -> None:
    visitors = model.visitors
    mean = np.array([memory.mean for memory in visitors.known.values()])
    variance = np.array([np.diag(memory.covariance) for memory in visitors.known.values()])
    prior = np.broadcast_to(visitors.prior, mean.shape)
    changed = visitors.prior.copy()
    for columns in (slice(0, 1), slice(1, None)):
        found = mean[:, columns], variance[:, columns], prior[:, columns]
        changed[columns] = best_variance(*found, model.priors.visitor)
    visitors.believe(changed)


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
