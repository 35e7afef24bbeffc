"""What is believed before the first look, and how much is kept."""

from dataclasses import dataclass

import numpy as np

from recommend.learning.arrays import Doubles


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
