"""Which networks there are, the files they come from, and the SHA-256 every file must have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from garden.errors import GardenError
from tools.faces.tfjs import Widths

if TYPE_CHECKING:
    import onnx

HUMAN = "@vladmandic/human/models"
FACE_API = "@vladmandic/face-api/model"


class SourceError(GardenError):
    """A file of the npm packages is missing, or is not the file this converter was written for."""

    code = "face_model_source"


class ModelFormat(StrEnum):
    """How a network is stored: a whole graph, or weights whose graph is written in `face_api.py`."""

    GRAPH = "graph"
    EXPRESSION = "expression"
    AGE_GENDER = "age_gender"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file below `node_modules`."""

    path: str
    sha256: str

    def read(self, node_modules: Path) -> bytes:
        """The bytes, checked. Raises SourceError."""
        try:
            data = (node_modules / self.path).read_bytes()
        except OSError as error:
            raise SourceError(f"{self.path} cannot be read below {node_modules}: run `npm ci` first.") from error
        if sha256(data).hexdigest() != self.sha256:
            raise SourceError(f"{self.path} is not the file of the pinned version (its SHA-256 differs).")
        return data


@dataclass(frozen=True, slots=True)
class Network:
    """One network: `outputs` maps nodes of the original graph to the names of our outputs.

    A network of `any_size` takes pictures of other sides than the original's as well: it ends in a mean over them.
    `widths` gives layers more channels, of zeros: onnxruntime is fast with multiples of 16 only.
    """

    name: str
    manifest: SourceFile
    weights: SourceFile
    form: ModelFormat = ModelFormat.GRAPH
    outputs: Mapping[str, str] = field(default_factory=dict)
    any_size: bool = False
    widths: Widths = field(default_factory=dict)

    @property
    def file_name(self) -> str:
        return f"{self.name}.onnx"

    @property
    def sources(self) -> Mapping[str, str]:
        return {file.path: file.sha256 for file in (self.manifest, self.weights)}

    def convert(self, node_modules: Path) -> "onnx.ModelProto":
        from tools.faces.convert import convert

        return convert(self, node_modules)


def _of_human(name: str, manifest: str, weights: str, outputs: Mapping[str, str], **options: Any) -> Network:
    files = SourceFile(f"{HUMAN}/{name}.json", manifest), SourceFile(f"{HUMAN}/{name}.bin", weights)
    return Network(name, *files, outputs=outputs, **options)


def _of_face_api(name: str, file: str, manifest: str, weights: str, form: ModelFormat) -> Network:
    listed = SourceFile(f"{FACE_API}/{file}-weights_manifest.json", manifest)
    return Network(name, listed, SourceFile(f"{FACE_API}/{file}.bin", weights), form)


NETWORKS = (
    _of_human(
        "blazeface",
        "cd7bbfc078270572beb39f9e5ae67aadbd50b5e67cff37e6d4f6b3ea39312e5f",
        "dc9a97fdc50bc43216554bdd69aa3e7b9361a519ee7bdd996a2f69a98a6f9b72",
        {"Identity": "scores_16", "Identity_2": "boxes_16", "Identity_1": "scores_32", "Identity_3": "boxes_32"},
        widths={24: 32},
    ),
    _of_human(
        "facemesh",
        "b60ca26f404724f43bd2b1575761d8265180e1f053cc0731caa68462927309e7",
        "3826da640b0a3021161605369ee6af293f75d518040355b960ec71a3390c1c0b",
        {"Identity_2": "mesh", "Identity_1": "presence", "Identity": "contours"},
    ),
    _of_human(
        "emotion",
        "56f7e557eb0c863a8b9ab04ac7ccba756e93bf2c27dce135ef0e8712b80b7ad2",
        "927ac8224f356ab1e68c2bcfbfa07b0c8567047d1bcf817388ba6e38214c4987",
        {
            "StatefulPartitionedCall/model_1/global_average_pooling2d_1/Mean": "logits",
            "Identity": "probabilities",
        },
    ),
    _of_human(
        "faceres",
        "5b83d49c0385d2e68a05122441b94226313677cae9fcc40b9587ad50079eb4df",
        "2c7d2d62b76c97528b736527aa09d310ea71743c9e3e79fb6c62d4b2d73af79b",
        {"gender_pred/Sigmoid": "gender", "age_pred/Softmax": "ages", "global_pooling/Mean": "features"},
        any_size=True,
    ),
    _of_human(
        "iris",
        "49038ac9dcc09aa05474d91d98e9db5b47af4830929bcf102ed5a56bfbabb465",
        "d7f296d184274213d4642681ae186112cbbec77fd2ab066257d3c56a1940bc71",
        {"Identity": "points"},
    ),
    _of_human(
        "antispoof",
        "7fd698ae1cebabbcad79d3b8b448587b0365eb7911987418231bdcf36583112a",
        "4490fecb2becdb6869edc7e60f5e59962be013a8def8719b1373afb0f905c094",
        {"Identity": "real"},
    ),
    _of_human(
        "liveness",
        "9e51c8acf83b80abbf329b2735309ab5c90611c66905ade8b1bd130d473df9c8",
        "fc6a6b6b3b9721bdb8bff67a457a15b7cbfd81715cfb27f3e65b757e81dd663e",
        {"Identity": "live"},
    ),
    _of_face_api(
        "expression",
        "face_expression_model",
        "5b349c17c7836da506e03422cd6461c74085d8bb2713ad4114647dc5d28174c8",
        "9a9840f2cf1f4c7eab95f197512569345c00d2426754d4608b92af30e0300f3d",
        ModelFormat.EXPRESSION,
    ),
    _of_face_api(
        "age_gender",
        "age_gender_model",
        "74b60bf3ebf981bf4e661e9cca3a185614e10b25d797118b62e2a68d3ff2569f",
        "49f92bbc0afef2342c4385e4a2b0acb6d7a727c6f0aa539499719a81acf9abaa",
        ModelFormat.AGE_GENDER,
    ),
)
