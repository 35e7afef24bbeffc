"""Building an ONNX graph in TensorFlow's terms: filters are height × width × in × out, pictures end in channels."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8
TO_CHANNELS_FIRST = [0, 3, 1, 2]
TO_CHANNELS_LAST = [0, 2, 3, 1]
_EPSILON = 1e-3
"""Of the batch normalisation of MobileNetV2 and EfficientNet."""

Padding = Literal["SAME", "VALID"]
Strides = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Value:
    """A tensor of the graph; one of rank 4 is a picture, held as N × C × H × W."""

    name: str
    rank: int


@dataclass(slots=True)
class GraphBuilder:
    """An ONNX graph under construction. Inputs and outputs keep the original's channels-last layout."""

    name: str
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)
    inputs: list[onnx.ValueInfoProto] = field(default_factory=list)
    outputs: list[onnx.ValueInfoProto] = field(default_factory=list)

    def picture_input(self, height: int | str, width: int | str, channels: int) -> Value:
        """The input: float32, N × height × width × channels; a name instead of a number leaves a side open."""
        shape = ["n", height, width, channels]
        self.inputs.append(helper.make_tensor_value_info("input", TensorProto.FLOAT, shape))
        return self.apply("Transpose", ["input"], rank=4, perm=TO_CHANNELS_FIRST)

    def constant(self, array: NDArray[Any]) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def apply(self, op: str, inputs: list[str], *, rank: int, **attributes: Any) -> Value:
        """Add one ONNX node and return its only output."""
        value = Value(f"{op}_{len(self.nodes)}", rank)
        self.nodes.append(helper.make_node(op, inputs, [value.name], **attributes))
        return value

    def conv(self, x: Value, filters: NDArray[Any], bias: NDArray[Any] | None, strides: Strides, pad: Padding) -> Value:
        """A convolution; `filters` is height × width × in × out."""
        return self._conv(x, filters.transpose(3, 2, 0, 1), bias, strides, pad, group=1)

    def depthwise(
        self, x: Value, filters: NDArray[Any], bias: NDArray[Any] | None, strides: Strides, pad: Padding
    ) -> Value:
        """A convolution of each channel by itself; `filters` is height × width × channels × multiplier."""
        height, width, channels, multiplier = filters.shape
        weights = filters.transpose(2, 3, 0, 1).reshape(channels * multiplier, 1, height, width)
        return self._conv(x, weights, bias, strides, pad, group=channels)

    def _conv(
        self, x: Value, weights: NDArray[Any], bias: NDArray[Any] | None, strides: Strides, pad: Padding, group: int
    ) -> Value:
        inputs = [x.name, self.constant(weights), *([] if bias is None else [self.constant(bias)])]
        attributes = {"kernel_shape": weights.shape[2:], "strides": strides, "auto_pad": _AUTO_PAD[pad]}
        return self.apply("Conv", inputs, rank=4, group=group, **attributes)

    def normalised_conv(
        self,
        x: Value,
        filters: NDArray[Any],
        statistics: Sequence[NDArray[Any]],
        *,
        stride: int = 1,
        depthwise: bool = False,
    ) -> Value:
        """A padded convolution with its batch normalisation (scale, shift, mean, variance) folded in."""
        scale, shift, mean, variance = statistics
        factor = scale / np.sqrt(variance + _EPSILON)
        bias = (shift - mean * factor).astype(np.float32)
        folded = (filters * (factor[:, None] if depthwise else factor)).astype(np.float32)
        convolve = self.depthwise if depthwise else self.conv
        return convolve(x, folded, bias, (stride, stride), "SAME")

    def pool(self, x: Value, op: str, size: Strides, strides: Strides, pad: Padding) -> Value:
        return self.apply(op, [x.name], rank=4, kernel_shape=size, strides=strides, auto_pad=_AUTO_PAD[pad])

    def dense(self, x: Value, weights: NDArray[Any], bias: NDArray[Any]) -> Value:
        """A fully connected layer; `weights` is in × out."""
        return self.apply("Gemm", [x.name, self.constant(weights), self.constant(bias)], rank=2)

    def relu(self, x: Value) -> Value:
        return self.apply("Relu", [x.name], rank=x.rank)

    def clip(self, x: Value, low: float, high: float) -> Value:
        limits = [self.constant(np.asarray(limit, np.float32)) for limit in (low, high)]
        return self.apply("Clip", [x.name, *limits], rank=x.rank)

    def prelu(self, x: Value, slopes: NDArray[Any]) -> Value:
        """A slope a channel for what is below zero: s·x + (1 - s)·relu(x).

        Written with convolutions: onnxruntime leaves its own layout for PRelu, which then takes longer than all else.
        """
        slopes = slopes.reshape(1, 1, -1, 1)
        sloped = self.depthwise(x, slopes, None, (1, 1), "VALID")
        rest = self.depthwise(self.relu(x), 1 - slopes, None, (1, 1), "VALID")
        return self.add(sloped, rest)

    def add(self, x: Value, y: Value) -> Value:
        return self.apply("Add", [x.name, y.name], rank=x.rank)

    def softmax(self, x: Value) -> Value:
        return self.apply("Softmax", [x.name], rank=x.rank, axis=-1)

    def channels_last(self, x: Value) -> Value:
        return x if x.rank != 4 else self.apply("Transpose", [x.name], rank=4, perm=TO_CHANNELS_LAST)

    def output(self, x: Value, name: str) -> None:
        """Name a result; a picture is given back with its channels last."""
        self.nodes.append(helper.make_node("Identity", [self.channels_last(x).name], [name]))
        self.outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))

    def model(self) -> onnx.ModelProto:
        """The checked model, with only what its outputs need: onnxruntime would run the rest too."""
        nodes = _needed(self.nodes, {output.name for output in self.outputs})
        used = {name for node in nodes for name in node.input}
        constants = [constant for constant in self.constants if constant.name in used]
        graph = helper.make_graph(nodes, self.name, self.inputs, self.outputs, constants)
        opsets = [helper.make_opsetid("", OPSET)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="emotion-garden")
        inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True)
        onnx.checker.check_model(inferred)
        return inferred


def _needed(nodes: list[onnx.NodeProto], outputs: set[str]) -> list[onnx.NodeProto]:
    """Those of `nodes`, each of which comes after its inputs, that `outputs` depend on."""
    needed, kept = set(outputs), []
    for node in reversed(nodes):
        if not needed.isdisjoint(node.output):
            needed.update(node.input)
            kept.append(node)
    return kept[::-1]


_AUTO_PAD = {"SAME": "SAME_UPPER", "VALID": "VALID"}
