"""The safety check's network: MobileNetV2 (Sandler et al. 2018) of the npm package `nsfwjs` (MIT), as ONNX.

224 × 224 × 3 of 0 … 255 → the probabilities of drawing, hentai, neutral, porn and sexy. The package keeps its files as
scripts; Node, whose installation the package needs, prints what they hold after their SHA-256 was checked.
"""

import base64
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.faces.onnx_graph import GraphBuilder, Value
from tools.faces.sources import Network, SourceError, SourceFile
from tools.faces.tfjs import Weights, read_weights

if TYPE_CHECKING:
    import onnx

PACKAGE = "nsfwjs"
SIDE = 224
_FOLDER = f"{PACKAGE}/dist/models/mobilenet_v2"
_STRIDES = (1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1)
"""Of each block."""
_PRINT = "const file = require(process.argv[1]); process.stdout.write(JSON.stringify(file.default ?? file))"


@dataclass(frozen=True, slots=True)
class SafetyNetwork(Network):
    """A network of the installed package; `tools.faces.build` writes it."""

    def convert(self, node_modules: Path) -> "onnx.ModelProto":
        """Raises SourceError."""
        groups = _content(self.manifest, node_modules)["weightsManifest"]
        return network_of(read_weights(groups, base64.b64decode(_content(self.weights, node_modules))), self.name)


def _content(file: SourceFile, node_modules: Path) -> Any:
    file.read(node_modules)
    path = str((node_modules / file.path).resolve())
    try:
        printed = subprocess.run(["node", "-e", _PRINT, path], capture_output=True, check=True)  # noqa: S603, S607  # Files whose SHA-256 was checked.
    except (OSError, subprocess.CalledProcessError) as error:
        raise SourceError(f"{file.path} cannot be read by Node.") from error
    return json.loads(printed.stdout)


SAFETY_NETWORK = SafetyNetwork(
    "nsfw-mobilenet",
    SourceFile(f"{_FOLDER}/model.min.js", "c32f104fd562b08cdff5ed69dfe1209643afa47e792fb12751d2949aa61a397a"),
    SourceFile(
        f"{_FOLDER}/group1-shard1of1.min.js", "ef2e0a63f7d2c4960b37b024b669313f65d3c45cd59e9042636c55b39de53517"
    ),
)


def network_of(weights: Weights, name: str) -> "onnx.ModelProto":
    """The network as an ONNX model, input `input` N × 224 × 224 × 3, output `probabilities` N × 5."""
    graph = GraphBuilder(name)
    x = graph.picture_input(SIDE, SIDE, 3)
    x = graph.apply("Div", [x.name, graph.constant(np.asarray(255, np.float32))], rank=4)
    x = _conv(graph, weights, x, "Conv1", "bn_Conv1", stride=2)
    for number, stride in enumerate(_STRIDES):
        x = _block(graph, weights, x, f"block_{number}" if number else "expanded_conv", stride)
    x = _conv(graph, weights, x, "Conv_1", "Conv_1_bn")
    x = graph.apply("ReduceMean", [x.name], rank=2, axes=[2, 3], keepdims=0)
    for layer in ("dense_1", "dense_2"):
        x = graph.relu(graph.dense(x, weights[f"{layer}/kernel"], weights[f"{layer}/bias"]))
    x = graph.dense(x, weights["dense_3/kernel"], weights["dense_3/bias"])
    graph.output(graph.softmax(x), "probabilities")
    return graph.model()


def _block(graph: GraphBuilder, weights: Weights, x: Value, name: str, stride: int) -> Value:
    """An inverted residual: wider, each channel by itself, narrower again."""
    before, outer = x, 0
    if f"{name}_expand/kernel" in weights:
        outer = weights[f"{name}_expand/kernel"].shape[2]
        x = _conv(graph, weights, x, f"{name}_expand", f"{name}_expand_BN")
    x = _conv(graph, weights, x, f"{name}_depthwise", f"{name}_depthwise_BN", stride=stride)
    x = _conv(graph, weights, x, f"{name}_project", f"{name}_project_BN", bounded=False)
    return graph.add(before, x) if stride == 1 and outer == weights[f"{name}_project/kernel"].shape[3] else x


def _conv(
    graph: GraphBuilder, weights: Weights, x: Value, name: str, norm: str, *, stride: int = 1, bounded: bool = True
) -> Value:
    """A convolution with its batch normalisation folded in, cut to 0 … 6 if `bounded`."""
    statistics = [weights[f"{norm}/{part}"] for part in ("gamma", "beta", "moving_mean", "moving_variance")]
    depthwise = f"{name}/depthwise_kernel" in weights
    filters = weights[f"{name}/{'depthwise_kernel' if depthwise else 'kernel'}"]
    x = graph.normalised_conv(x, filters, statistics, stride=stride, depthwise=depthwise)
    return graph.clip(x, 0.0, 6.0) if bounded else x
