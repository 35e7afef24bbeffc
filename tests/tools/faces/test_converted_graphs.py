"""The converted graphs hold nothing that makes onnxruntime slow."""

from pathlib import Path

import onnx
import pytest

from tools.faces.sources import NETWORKS

NAMES = [network.name for network in NETWORKS]
BLOCK = 16
"""Channels that onnxruntime computes together, where the processor has vectors of 512 bits."""


def graph_of(models: Path, name: str) -> onnx.GraphProto:
    return onnx.load(models / f"{name}.onnx").graph


@pytest.mark.parametrize("name", NAMES)
def test_it_computes_nothing_that_is_not_asked_for(name: str, models: Path) -> None:
    graph = graph_of(models, name)
    used = {used for node in graph.node for used in node.input} | {output.name for output in graph.output}
    assert all(used.intersection(node.output) for node in graph.node)
    assert used.issuperset(constant.name for constant in graph.initializer)


@pytest.mark.parametrize("name", NAMES)
def test_it_has_no_parametric_relu(name: str, models: Path) -> None:
    assert "PRelu" not in {node.op_type for node in graph_of(models, name).node}


@pytest.mark.parametrize("name", ["blazeface", "facemesh", "faceres", "expression", "age_gender"])
def test_it_convolves_whole_blocks_of_channels(name: str, models: Path) -> None:
    groups = {a.i for node in graph_of(models, name).node for a in node.attribute if a.name == "group"}
    assert all(group == 1 or group % BLOCK == 0 for group in groups)
