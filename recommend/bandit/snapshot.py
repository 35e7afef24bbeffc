"""The state of a model as named arrays, and back, bit for bit."""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommend.bandit.inference import Arrays, Effects, JointWeights
from recommend.bandit.priors import Priors
from recommend.bandit.slate_model import SlateModel
from recommend.bandit.visitors import Memory, Remembered

VERSION = 8
_WEIGHT_PARTS = ("mean", "covariance", "prior")
_EFFECT_PARTS = ("mean", "variance", "impressions", "appeal")


class SnapshotVersionError(ValueError):
    """The arrays are of another version of the model: learn from the interactions again."""


def to_arrays(model: SlateModel) -> Arrays:
    """Copies, so that learning may continue while they are written. Data without a fixed length is JSON in `head`."""
    visitors, width = model.visitors, model.width
    memories = visitors.known.values()
    head = {
        "version": VERSION,
        "width": width,
        "learned": model.learned,
        "priors": asdict(model.priors),
        "effect": model.effects.prior,
        "visitors": [(name, list(memory.seen), _impressions(memory)) for name, memory in visitors.known.items()],
    }
    arrays: Arrays = {
        "head": np.frombuffer(json.dumps(head).encode(), np.uint8),
        "visitors_mean": np.array([memory.mean for memory in memories]).reshape(-1, width),
        "visitors_covariance": np.array([memory.covariance for memory in memories]).reshape(-1, width, width),
    }
    arrays |= {f"joint_{part}": getattr(model.joint, part).copy() for part in _WEIGHT_PARTS}
    for name, effects in (("effects", model.effects), ("positions", model.positions)):
        arrays |= {f"{name}_{part}": getattr(effects, part).copy() for part in _EFFECT_PARTS}
    return arrays


def from_arrays(arrays: Arrays) -> SlateModel:
    """The model of `to_arrays`. Raises SnapshotVersionError."""
    head = _head(arrays)
    model = SlateModel(head["width"], Priors(**head["priors"]))
    model.learned = head["learned"]
    known: dict[str, NDArray[Any]] = {name: array.copy() for name, array in arrays.items()}
    model.joint = JointWeights(*(known[f"joint_{part}"] for part in _WEIGHT_PARTS))
    model.effects = _effects(model.effects, "effects", known)
    model.effects.prior = head["effect"]
    model.positions = _effects(model.positions, "positions", known)
    weights = zip(known["visitors_mean"], known["visitors_covariance"], strict=True)
    for (name, seen, impressions), (mean, covariance) in zip(head["visitors"], weights, strict=True):
        memory = Memory(mean.copy(), covariance.copy(), dict.fromkeys(seen))
        memory.impressions.extend(
            Remembered(number, np.array(items), np.array(liked, np.bool_)) for number, items, liked in impressions
        )
        model.visitors.known[name] = memory
    return model


def _impressions(memory: Memory) -> list[tuple[int, list[int], list[bool]]]:
    return [(impression.id, impression.items.tolist(), impression.liked.tolist()) for impression in memory.impressions]


def _effects(like: Effects, name: str, known: dict[str, NDArray[Any]]) -> Effects:
    return Effects(like.prior, like.optimism, *(known[f"{name}_{part}"] for part in _EFFECT_PARTS))


def _head(arrays: Arrays) -> dict[str, Any]:
    try:
        head: dict[str, Any] = json.loads(arrays["head"].tobytes())
    except (KeyError, ValueError) as error:
        raise SnapshotVersionError("These arrays contain no model.") from error
    if head.get("version") != VERSION:
        raise SnapshotVersionError(f"This model is of version {head.get('version')}, not {VERSION}.")
    return head
