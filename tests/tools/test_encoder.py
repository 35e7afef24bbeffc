"""Converting the picture encoder: the pinned file alone, its tensors alone, and it sees what is alike."""

import pickle
from importlib.metadata import files
from pathlib import Path

import numpy as np
import pytest
import skimage

from recommend.encoders import EfficientNetEncoder
from tools.encoder import FILE, PACKAGE, EncoderNetwork, EncoderSourceError, read_weights
from tools.faces.build import build


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    assert [step.converted for step in build(node_modules=folder, folder=folder, networks=[EncoderNetwork()])] == [True]
    return folder


def test_it_refuses_a_file_whose_sha_256_differs(tmp_path: Path) -> None:
    with pytest.raises(EncoderSourceError, match="not the file of the pinned version"):
        EncoderNetwork(sha256="0" * 64).convert(tmp_path)


def test_it_reads_the_tensors_that_torch_reads() -> None:
    torch = pytest.importorskip("torch")
    path = next(file for file in files(PACKAGE) or [] if file.name == FILE).locate()
    expected = torch.load(path, weights_only=True)
    read = read_weights(Path(str(path)).read_bytes())
    assert set(read) == set(expected)
    assert all(np.array_equal(read[name], tensor.numpy()) for name, tensor in expected.items())


def test_it_calls_nothing_that_a_pickle_names() -> None:
    harmful = 3 * pickle.dumps(1) + b"cos\nsystem\n(S'false'\ntR."
    with pytest.raises(pickle.UnpicklingError, match=r"os\.system is nothing"):
        read_weights(harmful)


def test_pictures_of_one_thing_are_more_alike_than_others(models: Path) -> None:
    cat, coffee = skimage.data.cat(), skimage.data.coffee()
    rows = EfficientNetEncoder(models=models).encode([cat, cat[:, ::-1][20:-20, 30:-30], coffee])
    assert rows.shape == (3, 1_280)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.3
