"""One network of the npm packages, as an ONNX model."""

import json
from pathlib import Path

import onnx

from garden.emotion.local.conversion.drawing import Drawing
from garden.emotion.local.conversion.face_api import draw_age_gender, draw_expression
from garden.emotion.local.conversion.graph_model import read_nodes
from garden.emotion.local.conversion.operations import Translation
from garden.emotion.local.conversion.sources import Form, Network
from garden.emotion.local.conversion.weights import read_weights, widened


def convert(network: Network, node_modules: Path) -> onnx.ModelProto:
    """The network in float32. Raises SourceError when a file is missing or not the pinned one."""
    manifest = json.loads(network.manifest.read(node_modules))
    groups = manifest["weightsManifest"] if network.form is Form.GRAPH else manifest
    stored = read_weights(groups, network.weights.read(node_modules))
    weights = {name: widened(array, network.widths) for name, array in stored.items()}
    drawing = Drawing(network.name)
    match network.form:
        case Form.GRAPH:
            _draw_graph(Translation(drawing, weights, network.any_size, network.widths), network, manifest)
        case Form.EXPRESSION:
            draw_expression(drawing, weights)
        case Form.AGE_GENDER:
            draw_age_gender(drawing, weights)
    return drawing.model()


def _draw_graph(translation: Translation, network: Network, manifest: dict[str, dict[str, object]]) -> None:
    for node in read_nodes(manifest["modelTopology"]):
        translation.translate(node)
    for original, name in network.outputs.items():
        translation.drawing.output(translation.values[original], name)
