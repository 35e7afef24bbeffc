"""Each converted network answers as the original does when TensorFlow.js runs it on the same tensors."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skimage
from numpy.typing import NDArray
from PIL import Image

from tests.garden.faces.conftest import NODE_MODULES, ROOT
from tools.faces.sources import NETWORKS, ModelFormat, Network

TOLERANCE = 1e-3
BY_NAME = {network.name: network for network in NETWORKS}
INPUTS: dict[str, tuple[int, int, int, float, float]] = {
    "blazeface": (256, 256, 3, -1, 1),
    "facemesh": (192, 192, 3, 0, 1),
    "emotion": (64, 64, 1, -1, 1),
    "faceres": (224, 224, 3, 0, 255),
    "iris": (64, 64, 3, 0, 1),
    "antispoof": (128, 128, 3, 0, 1),
    "liveness": (32, 32, 3, 0, 1),
    "expression": (112, 112, 3, 0, 255),
    "age_gender": (112, 112, 3, 0, 255),
}
OUTPUTS = {ModelFormat.EXPRESSION: ["features", "logits", "probabilities"], ModelFormat.AGE_GENDER: ["age", "gender"]}

Answers = dict[str, list[NDArray[np.float32]]]


def output_names(network: Network) -> list[str]:
    return OUTPUTS.get(network.form) or list(network.outputs.values())


def tensor(name: str) -> NDArray[np.float32]:
    """A face, as large and in the range of values that the network expects."""
    height, width, channels, low, high = INPUTS[name]
    face = Image.fromarray(skimage.data.astronaut()[:220, 115:335]).resize((width, height))
    picture = np.asarray(face if channels == 3 else face.convert("L"), np.float32).reshape(1, height, width, channels)
    return (low + (high - low) * picture / 255).astype(np.float32)


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    folder = tmp_path_factory.mktemp("originals")
    request = {"folder": str(folder), "networks": [ask(network, folder) for network in NETWORKS]}
    (folder / "request.json").write_text(json.dumps(request))
    script = Path(__file__).with_name("originals.mjs")
    subprocess.run(["node", script, folder / "request.json"], cwd=ROOT, check=True, timeout=120)
    return {network.name: read_answers(network, folder) for network in NETWORKS}


def ask(network: Network, folder: Path) -> dict[str, Any]:
    picture = tensor(network.name)
    picture.tofile(folder / f"{network.name}.input.bin")
    return {
        "name": network.name,
        "form": network.form,
        "manifest": str(NODE_MODULES / network.manifest.path),
        "weights": str(NODE_MODULES / network.weights.path),
        "input": {"file": str(folder / f"{network.name}.input.bin"), "shape": picture.shape},
        "outputs": list(network.outputs),
    }


def read_answers(network: Network, folder: Path) -> list[NDArray[np.float32]]:
    count = len(output_names(network))
    return [np.fromfile(folder / f"{network.name}.{index}.bin", np.float32) for index in range(count)]


def run_converted(name: str, models: Path, picture: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    import onnxruntime

    session = onnxruntime.InferenceSession(models / f"{name}.onnx", providers=["CPUExecutionProvider"])
    answers: list[NDArray[np.float32]] = session.run(output_names(BY_NAME[name]), {"input": picture})
    return answers


@pytest.mark.parametrize("name", INPUTS)
def test_it_answers_as_the_original_in_tensorflow_js(name: str, models: Path, originals: Answers) -> None:
    ours = run_converted(name, models, tensor(name))
    for answer, original in zip(ours, originals[name], strict=True):
        assert np.isfinite(original).all()
        assert original.std() > 0 or original.size == 1
        np.testing.assert_allclose(answer.ravel(), original, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("name", INPUTS)
def test_it_answers_a_batch_as_it_answers_each_picture(name: str, models: Path) -> None:
    first = tensor(name)
    batch = np.concatenate([first, first[:, :, ::-1]])
    for together, alone in zip(run_converted(name, models, batch), run_converted(name, models, first), strict=True):
        np.testing.assert_allclose(together[:1], alone, rtol=0, atol=TOLERANCE)


def test_it_covers_every_network() -> None:
    assert set(INPUTS) == set(BY_NAME)
