"""The whole state of a model as named arrays, and back, bit for bit; what a snapshot on disk is made of."""

import json
from collections import OrderedDict, deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommend.bandit.inference import Arrays, Effects, JointWeights, SideWeights
from recommend.bandit.priors import Priors
from recommend.bandit.slate_model import SlateModel
from recommend.bandit.visitors import Memory, PrequentialTuning, Remembered, Visitors

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


def visitor_arrays(visitors: Visitors) -> Arrays:
    """In the order in which visitors would be forgotten. Lengths are counts per visitor, or items per look."""
    memories = list(visitors.known.values())
    looks = [look for memory in memories for look in memory.looks]
    names = [name.encode() for name in visitors.known]
    width, tuning = len(visitors.prior), visitors.tuning
    return {
        "visitor_prior": visitors.prior.copy(),
        "visitor_tuning": np.array([tuning.slopes, tuning.squares, tuning.certainty]),
        "visitor_names": np.frombuffer(b"".join(names), np.uint8).copy(),
        "visitor_name_lengths": _lengths(names),
        "visitor_mean": np.array([memory.mean for memory in memories]).reshape(-1, width),
        "visitor_covariance": np.array([memory.covariance for memory in memories]).reshape(-1, width, width),
        "visitor_prior_then": np.array([memory.prior for memory in memories]).reshape(-1, width),
        "visitor_seen": np.array([item for memory in memories for item in memory.seen], np.int64),
        "visitor_seen_lengths": _lengths([memory.seen for memory in memories]),
        "visitor_looks": np.array([look.id for look in looks], np.int64),
        "visitor_look_lengths": _lengths([memory.looks for memory in memories]),
        "look_items": _joined([look.items for look in looks]).astype(np.int64),
        "look_item_lengths": _lengths([look.items for look in looks]),
        "look_liked": _joined([look.liked for look in looks]).astype(np.bool_),
    }


def visitors_of(arrays: dict[str, NDArray[Any]], capacity: int) -> Visitors:
    """The visitors of `visitor_arrays`."""
    names = _parts(arrays["visitor_names"], arrays["visitor_name_lengths"])
    seen = _parts(arrays["visitor_seen"], arrays["visitor_seen_lengths"])
    looks = iter(_looks(arrays))
    known: OrderedDict[str, Memory] = OrderedDict()
    weights = zip(*(arrays[f"visitor_{part}"] for part in ("mean", "covariance", "prior_then")), strict=True)
    rows = zip(names, weights, seen, arrays["visitor_look_lengths"], strict=True)
    for name, (mean, covariance, prior), items, count in rows:
        last = deque(next(looks) for _ in range(count))
        memory = Memory(mean.copy(), covariance.copy(), prior.copy(), dict.fromkeys(items.tolist()), last)
        known[name.tobytes().decode()] = memory
    return Visitors(arrays["visitor_prior"], capacity, known, PrequentialTuning(*arrays["visitor_tuning"].copy()))


def _looks(arrays: dict[str, NDArray[Any]]) -> Iterator[Remembered]:
    lengths = arrays["look_item_lengths"]
    items, liked = (_parts(arrays[name], lengths) for name in ("look_items", "look_liked"))
    yield from map(Remembered, arrays["visitor_looks"].tolist(), items, liked)


def _lengths(parts: Sequence[Any]) -> NDArray[np.int64]:
    return np.array([len(part) for part in parts], np.int64)


def _joined(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0)


def _parts(joined: NDArray[Any], lengths: NDArray[np.int64]) -> Iterator[NDArray[Any]]:
    ends = np.cumsum(lengths)
    return (joined[end - length : end].copy() for end, length in zip(ends, lengths, strict=True))
