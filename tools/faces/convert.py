"""One network of the npm packages, as an ONNX model: what each TensorFlow operation becomes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from tools.faces.face_api import build_age_gender, build_expression
from tools.faces.onnx_graph import GraphBuilder, Value
from tools.faces.sources import ModelFormat, Network
from tools.faces.tfjs import Node, Weights, Widths, read_nodes, read_weights, widened


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a chain of Relu, Minimum and Maximum does to `source`: x → min(max(x, low), high)."""

    source: Value
    low: float
    high: float


@dataclass(slots=True)
class Translation:
    """Translates node after node; `values` holds what each node of the original became."""

    graph: GraphBuilder
    weights: Weights
    any_size: bool = False
    widths: Widths = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)
    bounds: dict[str, Bounds] = field(default_factory=dict)

    def translate(self, node: Node) -> None:
        """Raises KeyError for an operation without a translation."""
        if node.op != "Const":
            self.values[node.name] = OPERATIONS[node.op](self, node)

    def input(self, node: Node, index: int = 0) -> Value:
        return self.values[node.inputs[index]]

    def weight(self, node: Node, index: int) -> NDArray[Any]:
        return self.weights[node.inputs[index]]

    def operand(self, node: Node, index: int, rank: int) -> str:
        """An operand of an element-wise operation; a constant per channel is turned to match N × C × H × W."""
        name = node.inputs[index]
        if name in self.values:
            return self.values[name].name
        array = self.weights[name]
        if rank == 4 and array.ndim:
            array = array.reshape(-1, 1, 1) if array.size == array.shape[-1] else np.moveaxis(array, -1, -3)
        return self.graph.constant(array)


def _placeholder(t: Translation, node: Node) -> Value:
    _, height, width, channels = node.attributes["shape"]
    if t.any_size:
        return t.graph.picture_input("height", "width", channels)
    return t.graph.picture_input(height, width, channels)


def _identity(t: Translation, node: Node) -> Value:
    return t.input(node)


def _conv(t: Translation, node: Node) -> Value:
    bias = t.weight(node, 2) if "BiasAdd" in node.fused else None
    value = t.graph.conv(t.input(node), t.weight(node, 1), bias, node.strides, node.padding)
    return _activated(t, node, value)


def _depthwise(t: Translation, node: Node) -> Value:
    return t.graph.depthwise(t.input(node), t.weight(node, 1), None, node.strides, node.padding)


def _dense(t: Translation, node: Node) -> Value:
    return _activated(t, node, t.graph.dense(t.input(node), t.weight(node, 1), t.weight(node, 2)))


def _activated(t: Translation, node: Node, value: Value) -> Value:
    match [op for op in node.fused if op != "BiasAdd"]:
        case []:
            return value
        case ["Relu"]:
            return t.graph.relu(value)
        case ["Prelu"]:
            return t.graph.prelu(value, t.weight(node, 3))
        case others:
            raise KeyError(f"{node.name} fuses {others}, which has no translation")


def _prelu(t: Translation, node: Node) -> Value:
    return t.graph.prelu(t.input(node), t.weight(node, 1))


def _elementwise(op: str) -> Callable[[Translation, Node], Value]:
    def translate(t: Translation, node: Node) -> Value:
        rank = max(t.values[name].rank for name in node.inputs if name in t.values)
        return t.graph.apply(op, [t.operand(node, index, rank) for index in range(len(node.inputs))], rank=rank)

    return translate


def _clip(t: Translation, node: Node, low: float, high: float) -> Value:
    """Relu, Minimum and Maximum in a row become one Clip (TensorFlow's way to write relu6 takes three)."""
    value = t.input(node)
    before = t.bounds.get(value.name, Bounds(value, -np.inf, np.inf))
    bounds = Bounds(before.source, max(before.low, low), min(before.high, high))
    clipped = t.graph.clip(bounds.source, bounds.low, bounds.high)
    t.bounds[clipped.name] = bounds
    return clipped


def _relu(t: Translation, node: Node) -> Value:
    value = t.graph.relu(t.input(node))
    t.bounds[value.name] = Bounds(t.input(node), 0.0, np.inf)
    return value


def _minimum(t: Translation, node: Node) -> Value:
    return _clip(t, node, -np.inf, float(t.weight(node, 1)))


def _maximum(t: Translation, node: Node) -> Value:
    return _clip(t, node, float(t.weight(node, 1)), np.inf)


def _pool(op: str) -> Callable[[Translation, Node], Value]:
    return lambda t, node: t.graph.pool(t.input(node), op, node.size, node.strides, node.padding)


def _mean(t: Translation, node: Node) -> Value:
    if sorted(t.weight(node, 1).tolist()) != [1, 2] or node.attributes.get("keep_dims"):
        raise KeyError(f"{node.name} is not a mean over height and width")
    return t.graph.apply("ReduceMean", [t.input(node).name], rank=2, axes=[2, 3], keepdims=0)


def _pad(t: Translation, node: Node) -> Value:
    """Zeros behind the channels, to twice their number; behind widened ones, some are there already."""
    *others, added = t.weight(node, 1).ravel().tolist()
    if any(others):
        raise KeyError(f"{node.name} does not pad behind the channels alone")
    added -= t.widths.get(added, added) - added
    amounts = t.graph.constant(np.array([0, 0, 0, 0, 0, added, 0, 0], np.int64))
    return t.graph.apply("Pad", [t.input(node).name, amounts], rank=4)


def _reshape(t: Translation, node: Node) -> Value:
    shape = t.weight(node, 1).astype(np.int64)
    if shape[0] == 1:  # the original fixes the batch at one
        shape = np.concatenate([[-1], shape[1:]])
    x = t.graph.channels_last(t.input(node))
    return t.graph.apply("Reshape", [x.name, t.graph.constant(shape)], rank=len(shape))


def _concat(t: Translation, node: Node) -> Value:
    *parts, axis = node.inputs
    if int(t.weights[axis]) not in (3, -1):
        raise KeyError(f"{node.name} does not join channels")
    return t.graph.apply("Concat", [t.values[name].name for name in parts], rank=4, axis=1)


OPERATIONS: Mapping[str, Callable[[Translation, Node], Value]] = {
    "Placeholder": _placeholder,
    "Identity": _identity,
    "Conv2D": _conv,
    "_FusedConv2D": _conv,
    "DepthwiseConv2dNative": _depthwise,
    "_FusedMatMul": _dense,
    "Add": _elementwise("Add"),
    "AddV2": _elementwise("Add"),
    "Mul": _elementwise("Mul"),
    "Prelu": _prelu,
    "Sigmoid": _elementwise("Sigmoid"),
    "Relu": _relu,
    "Minimum": _minimum,
    "Maximum": _maximum,
    "MaxPool": _pool("MaxPool"),
    "AvgPool": _pool("AveragePool"),
    "Mean": _mean,
    "Pad": _pad,
    "Reshape": _reshape,
    "ConcatV2": _concat,
    "Softmax": lambda t, node: t.graph.softmax(t.input(node)),
}


def convert(network: Network, node_modules: Path) -> onnx.ModelProto:
    """The network in float32. Raises SourceError when a file is missing or not the pinned one."""
    manifest = json.loads(network.manifest.read(node_modules))
    groups = manifest["weightsManifest"] if network.form is ModelFormat.GRAPH else manifest
    stored = read_weights(groups, network.weights.read(node_modules))
    weights = {name: widened(array, network.widths) for name, array in stored.items()}
    graph = GraphBuilder(network.name)
    match network.form:
        case ModelFormat.GRAPH:
            _translate_graph(Translation(graph, weights, network.any_size, network.widths), network, manifest)
        case ModelFormat.EXPRESSION:
            build_expression(graph, weights)
        case ModelFormat.AGE_GENDER:
            build_age_gender(graph, weights)
    return graph.model()


def _translate_graph(translation: Translation, network: Network, manifest: dict[str, dict[str, object]]) -> None:
    for node in read_nodes(manifest["modelTopology"]):
        translation.translate(node)
    for original, name in network.outputs.items():
        translation.graph.output(translation.values[original], name)
