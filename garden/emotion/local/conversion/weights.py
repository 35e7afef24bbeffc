"""Reading the weights of a TensorFlow.js model: float32, int32, and float32 stored as float16 or uint8."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Weights = Mapping[str, NDArray[Any]]
Widths = Mapping[int, int]
"""A length to be had instead of another."""


def read_weights(groups: Iterable[Mapping[str, Any]], data: bytes) -> Weights:
    """The arrays that a weights manifest describes, in the order in which `data` holds them.

    Raises ValueError when `data` is shorter or longer than the manifest says.
    """
    weights: dict[str, NDArray[Any]] = {}
    offset = 0
    for entry in (entry for group in groups for entry in group["weights"]):
        stored = _stored_type(entry)
        count = int(np.prod(entry["shape"], dtype=np.int64))
        raw = np.frombuffer(data, stored, count, offset)
        weights[entry["name"]] = _dequantised(raw, entry).reshape(entry["shape"])
        offset += raw.nbytes
    if offset != len(data):
        raise ValueError(f"the weights file has {len(data)} bytes, its manifest describes {offset}")
    return weights


def widened(array: NDArray[Any], widths: Widths) -> NDArray[Any]:
    """With zeros at the end of every side of a length in `widths`."""
    wide = np.zeros([widths.get(length, length) for length in array.shape], array.dtype)
    wide[tuple(slice(length) for length in array.shape)] = array
    return wide


def _stored_type(entry: Mapping[str, Any]) -> np.dtype[Any]:
    name: str = entry.get("quantization", entry)["dtype"]
    return np.dtype(name).newbyteorder("<")


def _dequantised(raw: NDArray[Any], entry: Mapping[str, Any]) -> NDArray[Any]:
    if "scale" not in entry.get("quantization", {}):
        return raw.astype(entry["dtype"])
    quantization = entry["quantization"]
    scaled = raw * np.float64(quantization["scale"]) + np.float64(quantization["min"])
    return np.asarray(scaled, np.float32)
