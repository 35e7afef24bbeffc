"""A site's own expression network, here a tiny one that averages each channel."""

import os
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
import pytest
from django.core.management import call_command
from onnx import TensorProto, helper

from garden.faces.base import AnalyzerUnavailableError, FaceReading
from garden.faces.local import LocalAnalyzer
from garden.faces.local.calibration import FILE
from garden.faces.local.emotions import TRAINED
from garden.faces.local.own_network import CALIBRATION, read_own_network
from garden.faces.local.portrait import FACE_SIDE, REACH, Portrait
from garden.vocabulary import Emotion
from tests.garden.faces.conftest import Pixels, encoded, photo_of

CARD = """
name = "tiny"
licence = "CC0-1.0"
classes = ["happy", "sad", "angry"]
side = 16
channels = "BGR"
mean = [0.5, 0.25, 0.0]
deviation = [0.5, 0.25, 2.0]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A network of one picture's three means, and its card."""
    nodes = [helper.make_node("ReduceMean", ["picture"], ["logits"], axes=[2, 3], keepdims=0)]
    picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, ["n", 3, 16, 16])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 3])
    graph = helper.make_graph(nodes, "tiny", [picture], [logits])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, tmp_path / "tiny.onnx")
    (tmp_path / "card.toml").write_text(CARD)
    return tmp_path


@pytest.fixture
def trained(folder: Path) -> Path:
    """Whatever the network says, its part of the numbers says sad."""
    weights, bias = np.zeros((6, len(TRAINED))), np.array([20.0 * (emotion is Emotion.SAD) for emotion in TRAINED])
    with np.load(FILE) as numbers:
        own = {"own_mean": np.zeros(6), "own_scale": np.ones(6), "own_weights": weights, "own_bias": bias}
        np.savez(folder / CALIBRATION, allow_pickle=False, **numbers, **own)
    return folder


def test_it_is_fed_as_its_card_says(folder: Path) -> None:
    side = round(FACE_SIDE * REACH)
    portrait = Portrait(np.full((side, side, 3), (255, 51, 102), np.uint8))
    features = read_own_network(folder).features(portrait)
    np.testing.assert_allclose(features[:3], [(0.4 - 0.5) / 0.5, (0.2 - 0.25) / 0.25, 1.0 / 2], atol=1e-5)
    assert features[3:].sum() == pytest.approx(1)


def test_it_is_fused_with_the_other_networks(
    trained: Path, models: Path, astronaut: Pixels, reading: FaceReading
) -> None:
    analyzer = LocalAnalyzer(models=models, own=trained)
    analyzer.check()
    read = analyzer.analyze(photo_of(astronaut))
    assert (reading.emotion, read.emotion) == (Emotion.HAPPY, Emotion.SAD)
    assert {**asdict(read), "scores": None} == {**asdict(reading), "scores": None}


def test_it_says_that_it_has_not_been_trained(folder: Path, models: Path, astronaut: Pixels) -> None:
    with pytest.raises(AnalyzerUnavailableError, match=r"tools\.faces train"):
        LocalAnalyzer(models=models, own=folder).analyze(photo_of(astronaut))


@pytest.mark.parametrize(
    ("card", "problem"),
    [("", "required"), (CARD.replace("BGR", "CMYK"), "channels"), (CARD + 'colour = "red"', "colour"), ("=", "card")],
)
def test_it_says_what_is_wrong_with_a_card(folder: Path, card: str, problem: str) -> None:
    (folder / "card.toml").write_text(card)
    with pytest.raises(AnalyzerUnavailableError, match=problem):
        read_own_network(folder)


def test_classes_that_are_not_the_networks_are_refused(folder: Path) -> None:
    (folder / "card.toml").write_text(CARD.replace('"sad", ', ""))
    portrait = Portrait(np.zeros((round(FACE_SIDE * REACH),) * 2 + (3,), np.uint8))
    with pytest.raises(AnalyzerUnavailableError, match="3 outputs"):
        read_own_network(folder).features(portrait)


def test_an_evaluation_says_whether_it_helped(
    trained: Path, models: Path, astronaut: Pixels, capsys: pytest.CaptureFixture[str]
) -> None:
    (trained / "a.jpg").write_bytes(encoded(astronaut))
    (trained / "labels.csv").write_text("file,label\na.jpg,happy\n")
    own = {"models": os.fspath(models), "own": os.fspath(trained)}
    call_command("evaluate_faces", trained, analyzer="garden.faces.local.LocalAnalyzer", options=own, verbosity=0)
    said = "tiny (CC0-1.0) did not help: balanced accuracy of five emotions 1.000 without it, 0.000 with it"
    assert said in capsys.readouterr().out
