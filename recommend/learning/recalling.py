"""Who comes back after others took their place in memory: their own weights, found anew from what they said before.

What was said is replayed look by look against what is believed of everybody today, so that a visitor who is remembered
by their words alone profits from all that was learned since. Everybody's weights stay as they are: they have learned
these looks already.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from recommend.learning.arrays import Doubles
from recommend.learning.laplace import likes_step
from recommend.learning.looks import Look
from recommend.learning.visitors import Memory

if TYPE_CHECKING:
    from recommend.learning.slate_model import SlateModel

Earlier = Callable[[], Sequence[Look]]
"""A visitor's looks in the order in which they began, each as it was told last; asked for only where it is needed."""


def nothing_earlier() -> Sequence[Look]:
    return ()


def recalled(model: "SlateModel", looks: Sequence[Look]) -> Memory:
    """The memory of a visitor who is not remembered; none of these looks can be told again."""
    prior = model.visitors.prior
    memory = Memory(np.zeros(len(prior)), np.diag(prior), prior)
    for look in looks[-model.priors.recalled :]:
        replay(model, look, memory)
        memory.have_seen(look.items, most=model.priors.seen)
    return memory


def replay(model: "SlateModel", look: Look, memory: Memory) -> None:
    """What this visitor said moves their own weights, as if everybody's were known for sure."""
    rows = look.features.astype(np.float64)
    effects, variances = model.effects.of_items(look.items)
    places, uncertain = model.places(look)
    columns = memory.covariance @ rows.T
    covariance = rows @ columns + np.diag(variances + uncertain)
    mean = rows @ (_shared_weights(model, look) + memory.mean) + effects + places
    memory.take(likes_step(mean, covariance, look.liked), columns)


def _shared_weights(model: "SlateModel", look: Look) -> Doubles:
    """All but the visitor's own (d)."""
    weights = model.joint.summed(model.joint.mean, look.context.joint_blocks(), model.width)
    for block in look.context.side_blocks():
        weights = weights + model.side.mean[block]
    return weights
