"""Reading a TensorFlow.js model: the nodes of its graph in order, and its weights as arrays."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Node:
    op: str
    name: str
    inputs: tuple[str, ...]
    attributes: Mapping[str, Any]

    @property
    def strides(self) -> tuple[int, int]:
        return self._inner("strides")

    @property
    def size(self) -> tuple[int, int]:
        return self._inner("ksize")

    @property
    def padding(self) -> Any:
        return self.attributes["padding"]

    @property
    def fused(self) -> list[str]:
        """Operations that TensorFlow merged into this one, in order: BiasAdd, then an activation."""
        return list(self.attributes.get("fused_ops", ()))

    def _inner(self, name: str) -> tuple[int, int]:
        _, height, width, _ = self.attributes[name]
        return height, width


def read_nodes(topology: Mapping[str, Any]) -> list[Node]:
    """The nodes of a `modelTopology`, every one after its inputs."""
    return _in_order([_read(node) for node in topology["node"]])


def _read(node: Mapping[str, Any]) -> Node:
    attributes = {name: _attribute(value) for name, value in node.get("attr", {}).items()}
    inputs = tuple(name.split(":")[0] for name in node.get("input", []) if not name.startswith("^"))
    return Node(node["op"], node["name"], inputs, attributes)


def _attribute(value: Mapping[str, Any]) -> Any:
    kind: str
    content: Any
    kind, content = next(iter(value.items()), ("list", {}))
    match kind:
        case "s":
            return base64.b64decode(content).decode()
        case "i":
            return int(content)
        case "list":
            return [_attribute({kind: item}) for kind, items in content.items() for item in items]
        case "shape":
            return [int(dimension["size"]) for dimension in content.get("dim", ())]
        case _:
            return content


def _in_order(nodes: list[Node]) -> list[Node]:
    """Every node after its inputs."""
    by_name = {node.name: node for node in nodes}
    ordered: dict[str, Node] = {}
    pending = list(reversed(nodes))
    while pending:
        node = pending[-1]
        missing = [by_name[name] for name in node.inputs if name not in ordered]
        if missing:
            pending.extend(missing)
        else:
            ordered[pending.pop().name] = node
    return list(ordered.values())


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
