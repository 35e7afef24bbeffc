"""Weights by context, as additive models have them: a block for everybody, one for each mood, generation and gender."""

import numpy as np

from benchmarks.simulator.crowd import Session
from benchmarks.simulator.world import KINDS, Doubles, Floats

BLOCKS = 1 + sum(KINDS)


def blocks_of(session: Session) -> list[int]:
    """Which blocks speak in this visit: everybody's, and those of what its context was read as."""
    emotion, generation, gender = session.read
    return [0, 1 + emotion, 1 + KINDS[0] + generation, 1 + KINDS[0] + KINDS[1] + gender]


def rows_of(features: Floats, blocks: list[int]) -> Doubles:
    """What all weights are multiplied by for pictures of these `features` (k × d); k × (blocks · d)."""
    rows = np.zeros((len(features), BLOCKS, features.shape[1]))
    rows[:, blocks] = features[:, None]
    return rows.reshape(len(features), -1)
