"""The whole state of a model as named arrays, and back, bit for bit; what a snapshot on disk is made of."""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommend.learning.arrays import Arrays
from recommend.learning.effects import Effects
from recommend.learning.priors import Priors
from recommend.learning.slate_model import SlateModel
from recommend.learning.visitor_arrays import visitor_arrays, visitors_of
from recommend.learning.weights import JointWeights, SideWeights

VERSION = 5


class SnapshotVersionError(ValueError):
    """The arrays are of another version of the model: learn anew from the interactions."""


def to_arrays(model: SlateModel) -> Arrays:
    """Copies, so that learning may go on while they are written."""
    head = {"version": VERSION, "width": model.width, "learned": model.learned, "priors": asdict(model.priors)}
    head |= {"effect": model.effects.prior}
    arrays: Arrays = {"head": np.frombuffer(json.dumps(head).encode(), np.uint8).copy()}
    for name, weights in (("joint", model.joint), ("side", model.side)):
        arrays |= {f"{name}_{part}": getattr(weights, part).copy() for part in _WEIGHT_PARTS}
    for name, effects in (("effects", model.effects), ("positions", model.positions)):
        arrays |= {f"{name}_{part}": getattr(effects, part).copy() for part in _EFFECT_PARTS}
    return arrays | visitor_arrays(model.visitors)


def from_arrays(arrays: Arrays) -> SlateModel:
    """The model of `to_arrays`. Raises SnapshotVersionError."""
    head = _head(arrays)
    model = SlateModel(head["width"], Priors(**head["priors"]))
    model.learned = head["learned"]
    known: dict[str, NDArray[Any]] = {name: array.copy() for name, array in arrays.items()}
    model.joint = JointWeights(*(known[f"joint_{part}"] for part in _WEIGHT_PARTS))
    model.side = SideWeights(*(known[f"side_{part}"] for part in _WEIGHT_PARTS))
    model.effects = _effects(model.effects, "effects", known)
    model.effects.prior = head["effect"]
    model.positions = _effects(model.positions, "positions", known)
    model.visitors = visitors_of(known, model.visitors.capacity)
    return model


_WEIGHT_PARTS = ("mean", "covariance", "prior")
_EFFECT_PARTS = ("mean", "variance", "looks", "appeal")


def _effects(like: Effects, name: str, known: dict[str, NDArray[Any]]) -> Effects:
    return Effects(like.prior, like.optimism, *(known[f"{name}_{part}"] for part in _EFFECT_PARTS))


def _head(arrays: Arrays) -> dict[str, Any]:
    try:
        head: dict[str, Any] = json.loads(arrays["head"].tobytes())
    except (KeyError, ValueError) as error:
        raise SnapshotVersionError("These arrays hold no model.") from error
    if head.get("version") != VERSION:
        raise SnapshotVersionError(f"This model is of version {head.get('version')}, not {VERSION}.")
    return head
