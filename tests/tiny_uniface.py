"""Networks with the shapes of the `uniface` package's own, small enough to build in a test.

The detector really looks: it finds the astronaut's face, and nothing else, by normalised cross-correlation with it in
the three sizes in which the tests' pictures show it. The others say the same of every face.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from uniface.common import resize_image

from garden.emotion.photo import PhotoLimits, decode_photo
from tests import pictures

Array = NDArray[np.float32]
SIZE, CELL = 640, 4
MEANS = np.array([104, 117, 123], np.float32)
ANCHORS = ((80, (16, 32)), (40, (64, 128)), (20, (256, 512)))
"""How many a side, and the sides of the two at each place: RetinaFace's."""
FACE = np.array([224.6, 127.0])
SIDE = 105.0
"""Of the astronaut, in pixels of her portrait; the five points are offsets from the middle."""
POINTS = np.array([[-22, -25], [23, -24], [-1, 1], [-17, 24], [17, 24]])


def build_detector(path: Path) -> Path:
    """1 × 3 × 640 × 640 → boxes, scores and points of 16,800 anchors, as RetinaFace encodes them."""
    large, middle, small = _sights()
    nodes, constants = _correlations([large, middle, small])
    nodes += [
        helper.make_node("MaxPool", ["score0"], ["map0"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("MaxPool", ["score1"], ["map1"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("MaxPool", ["score2"], ["map2"], kernel_shape=[4, 4], strides=[4, 4]),
        helper.make_node("Mul", ["map2", "nothing"], ["map3"]),
        *_interleaved(["map0", "map1"], "level0"),
        *_interleaved(["map2", "map3"], "level1"),
        helper.make_node("Concat", ["level0", "level1", "level2"], ["faces"], axis=1),
        helper.make_node("Sub", ["one", "faces"], ["none"]),
        helper.make_node("Concat", ["none", "faces"], ["scores"], axis=2),
        helper.make_node("Identity", ["all_boxes"], ["boxes"]),
        helper.make_node("Identity", ["all_points"], ["points"]),
    ]
    sides = [large[1], middle[1], small[1]]
    constants |= {
        "nothing": np.zeros(1, np.float32),
        "one": np.ones(1, np.float32),
        "flat": np.array([1, -1, 1], np.int64),
        "level2": np.zeros((1, 800, 1), np.float32),
        "all_boxes": _boxes(sides),
        "all_points": _points(sides),
    }
    outputs = {"boxes": 4, "scores": 2, "points": 10}
    return _save(path, nodes, constants, SIZE, {name: (1, 16_800, width) for name, width in outputs.items()})


def build_heads(path: Path, side: int, **answers: Sequence[float]) -> Path:
    """Whatever is asked, the answers given: one output each."""
    nodes = [
        helper.make_node("GlobalAveragePool", ["input"], ["mean"]),
        helper.make_node("ReduceMean", ["mean"], ["number"], keepdims=0),
        helper.make_node("Mul", ["number", "nothing"], ["zero"]),
    ]
    nodes += [helper.make_node("Add", ["zero", f"{name}_said"], [name]) for name in answers]
    constants = {f"{name}_said": np.array([said], np.float32) for name, said in answers.items()}
    constants["nothing"] = np.zeros(1, np.float32)
    return _save(path, nodes, constants, side, {name: (1, len(said)) for name, said in answers.items()})


def build_emotion(path: Path, logits: Sequence[float]) -> Path:
    """The package's own is TorchScript as well: 1 × 3 × 112 × 112 → 1 × 7, and a second output."""
    import torch

    class Emotion(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("said", torch.tensor([list(logits)]))

        def forward(self, face: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            zero = face.mean() * 0.0
            return self.said + zero, zero

    torch.jit.trace(Emotion(), torch.zeros(1, 3, 112, 112)).save(str(path))
    return path


Sight = tuple[Array, float]
"""A template in cells, of mean 0 and length 1, and the face's side in the network's pixels."""


def _sights() -> list[Sight]:
    beside = 300 / 512
    both = SIZE / 1024
    return [
        _sight(pictures.portrait(), FACE, SIZE / 512),
        _sight(pictures.two_faces(), FACE, both),
        _sight(pictures.two_faces(), np.array([650, 100]) + FACE * beside, both, beside),
    ]


def _sight(photo: bytes, middle: Any, scale: float, size: float = 1.0) -> Sight:
    pixels = decode_photo(photo, PhotoLimits()).pixels[..., ::-1]
    seen, _ = resize_image(np.ascontiguousarray(pixels), (SIZE, SIZE))
    cells = (seen - MEANS).mean(axis=2).reshape(SIZE // CELL, CELL, -1, CELL).mean(axis=(1, 3))
    side = SIDE * size * scale
    half = int(side / CELL) // 2
    x, y = (round(number) for number in middle * scale / CELL)
    patch = cells[y - half : y + half + 1, x - half : x + half + 1]
    patch = patch - patch.mean()
    return (patch / np.linalg.norm(patch)).astype(np.float32), side


def _correlations(sights: Sequence[Sight]) -> tuple[list[Any], dict[str, Any]]:
    """`score0`, `score1` … over 160 × 160 cells: 1 where the face is, 0 elsewhere."""
    nodes = [
        helper.make_node("ReduceMean", ["input"], ["grey"], axes=[1]),
        helper.make_node("AveragePool", ["grey"], ["cells"], kernel_shape=[CELL, CELL], strides=[CELL, CELL]),
        helper.make_node("Mul", ["cells", "cells"], ["squares"]),
    ]
    constants: dict[str, Any] = {"little": np.array([1.0], np.float32), "need": np.array([0.97], np.float32)}
    constants["steep"] = np.array([400.0], np.float32)
    for number, (template, _) in enumerate(sights):
        nodes += _correlation(number, template.shape[0])
        constants[f"face{number}"] = template[None, None]
        constants[f"ones{number}"] = np.ones_like(template)[None, None]
        constants[f"count{number}"] = np.array([template.size], np.float32)
    return nodes, constants


def _correlation(number: int, side: int) -> list[Any]:
    pads = [side // 2] * 4
    ones, name = f"ones{number}", f"_{number}"
    return [
        helper.make_node("Conv", ["cells", f"face{number}"], ["alike" + name], pads=pads),
        helper.make_node("Conv", ["cells", ones], ["sum" + name], pads=pads),
        helper.make_node("Conv", ["squares", ones], ["power" + name], pads=pads),
        helper.make_node("Mul", ["sum" + name, "sum" + name], ["sums" + name]),
        helper.make_node("Div", ["sums" + name, f"count{number}"], ["common" + name]),
        helper.make_node("Sub", ["power" + name, "common" + name], ["varied" + name]),
        helper.make_node("Max", ["varied" + name, "little"], ["some" + name]),
        helper.make_node("Sqrt", ["some" + name], ["length" + name]),
        helper.make_node("Div", ["alike" + name, "length" + name], ["cosine" + name]),
        helper.make_node("Sub", ["cosine" + name, "need"], ["above" + name]),
        helper.make_node("Mul", ["above" + name, "steep"], ["logit" + name]),
        helper.make_node("Sigmoid", ["logit" + name], [f"score{number}"]),
    ]


def _interleaved(maps: list[str], name: str) -> list[Any]:
    """Two 1 × 1 × N × N maps as 1 × 2N² × 1: both anchors of a place one after the other."""
    return [
        helper.make_node("Concat", maps, [f"{name}_both"], axis=1),
        helper.make_node("Transpose", [f"{name}_both"], [f"{name}_turned"], perm=[0, 2, 3, 1]),
        helper.make_node("Reshape", [f"{name}_turned", "flat"], [name]),
    ]


def _boxes(sides: Sequence[float]) -> Array:
    """The same of every anchor of a kind: as large as the face that it finds."""
    return _of_anchors([np.array([0, 0, *[np.log(side / own) / 0.2] * 2]) for side, own in _kinds(sides)])


def _points(sides: Sequence[float]) -> Array:
    return _of_anchors([(POINTS * side / SIDE / own / 0.1).ravel() for side, own in _kinds(sides)])


def _kinds(sides: Sequence[float]) -> list[tuple[float, float]]:
    large, middle, small = sides
    own = [own for _, pair in ANCHORS for own in pair]
    return list(zip([large, middle, small, 1, 1, 1], own, strict=True))


def _of_anchors(kinds: Sequence[Any]) -> Array:
    levels = [
        np.tile(np.stack(kinds[2 * level : 2 * level + 2]), (side**2, 1)) for level, (side, _) in enumerate(ANCHORS)
    ]
    return np.concatenate(levels)[None].astype(np.float32)


def _save(path: Path, nodes: list[Any], constants: dict[str, Any], side: int, outputs: dict[str, Any]) -> Path:
    asked = [helper.make_tensor_value_info("input", TensorProto.FLOAT, (1, 3, side, side))]
    said = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()]
    kept = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "tiny", asked, said, kept)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), path)
    return path
