"""The graphs of face-api's two networks, whose package stores weights only.

Written after `faceExpressionNet`, `faceFeatureExtractor`, `ageGenderNet` and `xception` in the package's `src`.
Both take N × 112 × 112 × RGB, 0 … 255.
"""

from dataclasses import dataclass

import numpy as np

from tools.faces.onnx_graph import GraphBuilder, Strides, Value
from tools.faces.tfjs import Weights

SIDE = 112
MEAN_RGB = (122.782, 117.001, 104.298)


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers that both networks are made of; `name` is the prefix of the layer's weights."""

    graph: GraphBuilder
    weights: Weights

    def picture(self) -> Value:
        """The input, centred on the mean colour and scaled."""
        graph = self.graph
        x = graph.picture_input(SIDE, SIDE, 3)
        mean = graph.constant(np.asarray(MEAN_RGB, np.float32).reshape(3, 1, 1))
        centred = graph.apply("Sub", [x.name, mean], rank=4)
        return graph.apply("Div", [centred.name, graph.constant(np.asarray(255, np.float32))], rank=4)

    def conv(self, x: Value, name: str, strides: Strides) -> Value:
        return self.graph.conv(x, self.weights[f"{name}/filters"], self.weights[f"{name}/bias"], strides, "SAME")

    def separable(self, x: Value, name: str, strides: Strides = (1, 1)) -> Value:
        depthwise, pointwise = self.weights[f"{name}/depthwise_filter"], self.weights[f"{name}/pointwise_filter"]
        x = self.graph.depthwise(x, depthwise, None, strides, "SAME")
        return self.graph.conv(x, pointwise, self.weights[f"{name}/bias"], (1, 1), "VALID")

    def pooled(self, x: Value) -> Value:
        """A 7 × 7 average pool of a picture that is 7 × 7 by then: N × channels."""
        return self.graph.apply("ReduceMean", [x.name], rank=2, axes=[2, 3], keepdims=0)

    def dense(self, x: Value, name: str) -> Value:
        return self.graph.dense(x, self.weights[f"{name}/weights"], self.weights[f"{name}/bias"])


def build_expression(graph: GraphBuilder, weights: Weights) -> None:
    """Outputs `features` (256), `logits` and `probabilities` of neutral, happy, sad, angry, fearful, disgusted,
    surprised."""
    layers = Layers(graph, weights)
    x = graph.relu(layers.conv(layers.picture(), "dense0/conv0", (2, 2)))
    x = _links(layers, x, "dense0")
    for block in ("dense1", "dense2", "dense3"):
        x = graph.relu(layers.separable(x, f"{block}/conv0", (2, 2)))
        x = _links(layers, x, block)
    features = layers.pooled(x)
    logits = layers.dense(features, "fc")
    graph.output(features, "features")
    graph.output(logits, "logits")
    graph.output(graph.softmax(logits), "probabilities")


def _links(layers: Layers, first: Value, block: str) -> Value:
    """Three more convolutions, each fed with the sum of everything before it."""
    total, x = first, first
    for index in (1, 2, 3):
        total = layers.graph.add(total, layers.separable(x, f"{block}/conv{index}"))
        x = layers.graph.relu(total)
    return x


def build_age_gender(graph: GraphBuilder, weights: Weights) -> None:
    """Outputs `age` in years (N × 1) and `gender` (N × 2: male, female)."""
    layers = Layers(graph, weights)
    x = graph.relu(layers.conv(layers.picture(), "entry_flow/conv_in", (2, 2)))
    x = _reduction(layers, x, x, "entry_flow/reduction_block_0")
    x = _reduction(layers, x, graph.relu(x), "entry_flow/reduction_block_1")
    for block in ("middle_flow/main_block_0", "middle_flow/main_block_1"):
        x = _main(layers, x, block)
    x = _reduction(layers, x, graph.relu(x), "exit_flow/reduction_block")
    pooled = layers.pooled(graph.relu(layers.separable(x, "exit_flow/separable_conv")))
    graph.output(layers.dense(pooled, "fc/age"), "age")
    graph.output(graph.softmax(layers.dense(pooled, "fc/gender")), "gender")


def _reduction(layers: Layers, x: Value, activated: Value, block: str) -> Value:
    out = layers.separable(activated, f"{block}/separable_conv0")
    out = layers.separable(layers.graph.relu(out), f"{block}/separable_conv1")
    out = layers.graph.pool(out, "MaxPool", (3, 3), (2, 2), "SAME")
    return layers.graph.add(out, layers.conv(x, f"{block}/expansion_conv", (2, 2)))


def _main(layers: Layers, x: Value, block: str) -> Value:
    out = x
    for index in (0, 1, 2):
        out = layers.separable(layers.graph.relu(out), f"{block}/separable_conv{index}")
    return layers.graph.add(out, x)
