"""What is remembered of visitors, as flat arrays and back."""

from collections import OrderedDict, deque
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommend.learning.arrays import Arrays
from recommend.learning.foresight import Foresight
from recommend.learning.visitors import Memory, Remembered, Visitors


def visitor_arrays(visitors: Visitors) -> Arrays:
    """In the order in which visitors would be forgotten. Lengths are counts per visitor, or items per look."""
    memories = list(visitors.known.values())
    looks = [look for memory in memories for look in memory.looks]
    names = [name.encode() for name in visitors.known]
    width, foresight = len(visitors.prior), visitors.foresight
    return {
        "visitor_prior": visitors.prior.copy(),
        "visitor_foresight": np.array([foresight.slopes, foresight.squares, foresight.certainty]),
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
    return Visitors(arrays["visitor_prior"], capacity, known, Foresight(*arrays["visitor_foresight"].copy()))


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
