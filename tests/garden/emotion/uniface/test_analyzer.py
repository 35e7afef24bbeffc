import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from PIL import Image
from uniface import constants

from garden.emotion.base import NOT_JUDGED, AnalyzerUnavailableError, FaceReading
from garden.emotion.several import Several
from garden.emotion.uniface import UniFaceAnalyzer
from garden.emotion.uniface.judging import WORDS
from garden.vocabulary import Emotion, Gender
from tests import pictures, tiny_uniface
from tests.services.uniface_weights import DETECTOR, HAPPY, Source, served


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    with served(tmp_path_factory.mktemp("source")) as source:
        yield source


@pytest.fixture(scope="module")
def weights(source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where they were fetched to."""
    folder = tmp_path_factory.mktemp("weights")
    UniFaceAnalyzer(weights=folder).check()
    return folder


@pytest.fixture(scope="module")
def analyzer(weights: Path) -> UniFaceAnalyzer:
    return UniFaceAnalyzer(weights=weights)


@pytest.fixture(scope="module")
def reading(analyzer: UniFaceAnalyzer) -> FaceReading:
    return analyzer.read(pictures.portrait())


def test_it_tells_every_share_in_the_gardens_words(reading: FaceReading) -> None:
    shares = np.exp(HAPPY) / np.exp(HAPPY).sum()
    told = [reading.scores[word] for word in WORDS.values()]
    assert told == pytest.approx(list(shares), abs=1e-6)
    assert reading.scores[Emotion.CONFUSED] == 0


def test_contempt_is_none_of_the_gardens_words(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import hashlib

    eight = tiny_uniface.build_emotion(weights / "affecnet8.script", [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 9.0])
    sha256 = hashlib.sha256(eight.read_bytes()).hexdigest()
    info = constants.ModelInfo(url="http://127.0.0.1:9/affecnet8.script", sha256=sha256)
    monkeypatch.setitem(constants.MODEL_REGISTRY, constants.EmotionWeights.AFFECNET8, info)
    scores = UniFaceAnalyzer(weights=weights, emotions="affecnet8").read(pictures.portrait()).scores
    assert sum(scores.values()) == pytest.approx(1)
    assert scores[Emotion.HAPPY] == pytest.approx(np.e / (np.e + 6))


def test_it_tells_age_and_gender_and_never_asks_for_race(
    reading: FaceReading, analyzer: UniFaceAnalyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (reading.age_low, reading.age_high, reading.gender) == (30, 39, Gender.FEMALE)
    asked: list[str] = []
    run = onnxruntime.InferenceSession.run

    def note(self: object, names: list[str], *rest: object) -> object:
        asked.extend(names)
        return run(self, names, *rest)

    monkeypatch.setattr(onnxruntime.InferenceSession, "run", note)
    analyzer.read(pictures.portrait())
    assert {"gender", "age"} <= set(asked)
    assert "race" not in asked


def test_it_tells_eyes_and_glasses_and_does_not_guess_at_the_rest(reading: FaceReading) -> None:
    judged = (reading.eyes_open, reading.eyeglasses, reading.sunglasses)
    assert [each.value for each in judged] == [True, False, False]
    assert [each.confidence for each in judged] == pytest.approx([0.8, 0.8, 0.95])
    rest = (reading.smile, reading.mouth_open, reading.beard, reading.mustache)
    assert rest == (NOT_JUDGED,) * 4


def test_it_tells_where_the_eyes_are(reading: FaceReading) -> None:
    left, right = tiny_uniface.POINTS[:2]
    assert reading.quality is not None
    assert reading.quality.eye_distance == pytest.approx(np.linalg.norm(right - left), rel=0.01)
    assert reading.quality.roll == pytest.approx(np.degrees(np.arctan2(1, 45)), abs=0.1)


@pytest.mark.parametrize("several", Several)
def test_it_says_who_stands_beside(weights: Path, analyzer: UniFaceAnalyzer, several: Several) -> None:
    reading = UniFaceAnalyzer(weights=weights, several=several).read(pictures.two_faces())
    assert reading.faces == 2
    assert reading.quality is not None
    assert reading.quality.beside == 1


def test_a_network_is_fetched_once_and_held_against_its_sum(weights: Path, source: Source) -> None:
    assert {path.name for path in weights.glob("*") if "8" not in path.name} == {
        "retinaface_mnet_v2.onnx",
        "affecnet7.script",
        "fairface.onnx",
        "face_attrib_net.onnx",
    }
    (source.folder / "states.onnx").rename(source.folder / "away")
    try:
        UniFaceAnalyzer(weights=weights).check()
    finally:
        (source.folder / "away").rename(source.folder / "states.onnx")


def test_a_network_that_was_changed_is_fetched_anew(weights: Path) -> None:
    fetched = weights / f"{DETECTOR.value}.onnx"
    whole = fetched.read_bytes()
    fetched.write_bytes(b"something else")
    UniFaceAnalyzer(weights=weights).check()
    assert fetched.read_bytes() == whole


def test_what_is_not_what_the_package_names_is_never_loaded(
    tmp_path: Path, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = constants.MODEL_REGISTRY[DETECTOR]
    monkeypatch.setitem(constants.MODEL_REGISTRY, DETECTOR, constants.ModelInfo(url=info.url, sha256="0" * 64))
    with pytest.raises(AnalyzerUnavailableError, match="cannot be fetched") as refused:
        UniFaceAnalyzer(weights=tmp_path).check()
    assert str(tmp_path) in refused.value.detail
    assert list(tmp_path.iterdir()) == []


def test_what_could_not_be_fetched_is_not_tried_again_for_each_photo(
    tmp_path: Path, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = constants.MODEL_REGISTRY[DETECTOR]
    nowhere = constants.ModelInfo(url="http://127.0.0.1:9/x.onnx", sha256=info.sha256)
    analyzer = UniFaceAnalyzer(weights=tmp_path)
    with monkeypatch.context() as away:
        away.setitem(constants.MODEL_REGISTRY, DETECTOR, nowhere)
        with pytest.raises(AnalyzerUnavailableError, match="cannot be fetched"):
            analyzer.read(pictures.portrait())
    with pytest.raises(AnalyzerUnavailableError, match="a moment ago"):
        analyzer.read(pictures.portrait())


def test_a_surprise_tells_nothing_of_the_photo(weights: Path) -> None:
    analyzer = UniFaceAnalyzer(weights=weights)
    analyzer._store.networks().detector.input_size = None  # What nobody has foreseen.
    with pytest.raises(AnalyzerUnavailableError, match="UniFace failed with TypeError") as failed:
        analyzer.read(pictures.encode(Image.new("RGB", (90, 90))))
    assert failed.value.__context__ is None


def test_it_says_that_the_package_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uniface", None)
    with pytest.raises(AnalyzerUnavailableError, match=r"requirements/uniface\.txt"):
        UniFaceAnalyzer(weights=tmp_path).check()


def test_it_is_imported_without_the_package() -> None:
    code = "import sys, json, garden.emotion.uniface; print(json.dumps(sorted(sys.modules)))"
    modules = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
    assert not {"uniface", "torch", "onnxruntime"} & set(modules)
