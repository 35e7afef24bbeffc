"""What the local analyzer reads, and what it answers when it cannot."""

import os
import threading
from pathlib import Path

import numpy as np
import pytest
import skimage
from PIL import Image

from garden.faces.base import AnalyzerUnavailableError, FaceReading, NoFaceError
from garden.faces.local import LocalAnalyzer
from garden.faces.local import analyzer as module
from garden.vocabulary import Emotion, Gender
from tests.garden.faces.conftest import Pixels, encoded, photo_of

NOBODY = ["chelsea", "coffee", "rocket", "brick", "grass", "gravel", "moon", "text", "coins", "hubble_deep_field"]


def resized(pixels: Pixels, factor: float) -> Pixels:
    image = Image.fromarray(pixels)
    return np.asarray(
        image.resize((round(image.width * factor), round(image.height * factor)), Image.Resampling.LANCZOS)
    )


def turned(pixels: Pixels, degrees: float) -> Pixels:
    return np.asarray(Image.fromarray(pixels).rotate(degrees, Image.Resampling.BICUBIC))


def test_it_reads_the_astronaut_as_happy(reading: FaceReading) -> None:
    assert reading.emotion is Emotion.HAPPY
    assert reading.scores[Emotion.HAPPY] > 0.8


def test_it_reads_the_astronaut_as_a_woman_of_about_thirty(reading: FaceReading) -> None:
    """She was 41; the picture is retouched."""
    assert reading.gender is Gender.FEMALE
    assert 20 <= reading.age_low < reading.age_high <= 50


def test_it_reads_what_the_astronaut_wears_and_does(reading: FaceReading) -> None:
    assert reading.smile.value
    assert reading.eyes_open.value
    assert not reading.eyeglasses.value
    assert not reading.sunglasses.value
    assert not reading.beard.value
    assert not reading.mustache.value


def test_it_gives_scores_of_all_eight_emotions_that_sum_to_one(reading: FaceReading) -> None:
    assert set(reading.scores) == set(Emotion)
    assert sum(reading.scores.values()) == pytest.approx(1)
    assert min(reading.scores.values()) >= 0


def test_it_gives_confidences_between_a_half_and_one(reading: FaceReading) -> None:
    for name in ("smile", "eyeglasses", "sunglasses", "beard", "mustache", "eyes_open", "mouth_open"):
        assert 0.5 <= getattr(reading, name).confidence <= 1


def test_it_gives_plain_python_numbers(reading: FaceReading) -> None:
    assert type(reading.confidence) is float
    assert {type(score) for score in reading.scores.values()} == {float}
    assert type(reading.smile.value) is bool
    assert type(reading.age_low) is int


@pytest.mark.parametrize("name", NOBODY)
def test_it_sees_no_face_where_there_is_none(name: str, analyzer: LocalAnalyzer) -> None:
    picture = Image.fromarray(getattr(skimage.data, name)()).convert("RGB")
    with pytest.raises(NoFaceError):
        analyzer.analyze(photo_of(np.asarray(picture)))


@pytest.mark.parametrize("shape", [(1, 1), (1, 400), (400, 1), (30, 30), (256, 256)])
def test_it_sees_no_face_in_a_blank_photo_of_any_shape(shape: tuple[int, int], analyzer: LocalAnalyzer) -> None:
    with pytest.raises(NoFaceError):
        analyzer.analyze(photo_of(np.full((*shape, 3), 128, np.uint8)))


@pytest.mark.parametrize("degrees", [-25, -10, 10, 25])
def test_it_reads_a_tilted_head(degrees: float, analyzer: LocalAnalyzer, astronaut: Pixels) -> None:
    assert analyzer.analyze(photo_of(turned(astronaut, degrees))).emotion is Emotion.HAPPY


def test_it_reads_the_mirror_image_alike(analyzer: LocalAnalyzer, astronaut: Pixels, reading: FaceReading) -> None:
    mirrored = analyzer.analyze(photo_of(np.ascontiguousarray(astronaut[:, ::-1])))
    assert mirrored.scores[Emotion.HAPPY] == pytest.approx(reading.scores[Emotion.HAPPY], abs=0.1)


def test_it_reads_a_face_that_fills_the_photo(analyzer: LocalAnalyzer, astronaut: Pixels) -> None:
    assert analyzer.analyze(photo_of(astronaut[50:190, 165:285])).emotion is Emotion.HAPPY


def test_it_finds_a_small_face_in_a_large_photo(analyzer: LocalAnalyzer, astronaut: Pixels) -> None:
    scene = np.full((1500, 2000, 3), 90, np.uint8)
    scene[900:1156, 1500:1756] = resized(astronaut, 0.5)
    assert analyzer.analyze(photo_of(scene)).emotion is Emotion.HAPPY


def test_it_reads_a_twelve_megapixel_jpeg(analyzer: LocalAnalyzer, astronaut: Pixels) -> None:
    photo = np.asarray(Image.fromarray(astronaut).resize((4000, 3000)))
    assert analyzer.read(encoded(photo)).emotion is Emotion.HAPPY


def test_it_reads_the_largest_face_and_counts_all(analyzer: LocalAnalyzer, astronaut: Pixels) -> None:
    crowd = np.full((512, 1024, 3), 90, np.uint8)
    crowd[:, :512] = astronaut
    crowd[100:356, 640:896] = resized(astronaut, 0.5)
    assert analyzer.analyze(photo_of(crowd)).faces == 2


def test_it_reads_an_upside_down_photo_by_its_exif_orientation(analyzer: LocalAnalyzer, astronaut: Pixels) -> None:
    exif = Image.Exif()
    exif[0x0112] = 3
    data = encoded(np.ascontiguousarray(astronaut[::-1, ::-1]), exif=exif)
    assert analyzer.read(data).emotion is Emotion.HAPPY


def test_it_reads_the_same_photo_the_same_way(analyzer: LocalAnalyzer, astronaut: Pixels, reading: FaceReading) -> None:
    assert analyzer.analyze(photo_of(astronaut)) == reading


def test_it_may_be_shared_by_threads(models: Path, astronaut: Pixels, reading: FaceReading) -> None:
    analyzer, readings = LocalAnalyzer(models=models), []
    threads = [
        threading.Thread(target=lambda: readings.append(analyzer.analyze(photo_of(astronaut)))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert readings == [reading] * 4


def test_it_may_be_forked_after_use(analyzer: LocalAnalyzer, astronaut: Pixels, reading: FaceReading) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0 if analyzer.analyze(photo_of(astronaut)) == reading else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_it_says_how_to_build_missing_models(tmp_path: Path, astronaut: Pixels) -> None:
    analyzer = LocalAnalyzer(models=tmp_path)
    with pytest.raises(AnalyzerUnavailableError, match=r"manage\.py build_models") as missing:
        analyzer.analyze(photo_of(astronaut))
    assert missing.value.retry_after == 20
    with pytest.raises(AnalyzerUnavailableError, match=r"manage\.py build_models"):
        analyzer.check()


def test_it_says_how_to_rebuild_damaged_models(tmp_path: Path) -> None:
    (tmp_path / "blazeface.onnx").write_bytes(b"not a model")
    with pytest.raises(AnalyzerUnavailableError, match=r"build_models --force"):
        LocalAnalyzer(models=tmp_path).check()


def test_it_is_ready_once_the_models_are_there(analyzer: LocalAnalyzer) -> None:
    analyzer.check()


def test_it_reveals_nothing_of_the_photo_when_it_fails(
    analyzer: LocalAnalyzer, astronaut: Pixels, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(networks: object, pixels: Pixels, *_asked: object) -> None:
        raise RuntimeError(f"the pixels are {pixels.tolist()}")

    monkeypatch.setattr(module, "find_face", fail)
    with pytest.raises(AnalyzerUnavailableError) as caught:
        analyzer.analyze(photo_of(astronaut))
    assert caught.value.detail.startswith("The local analyzer failed: RuntimeError in fail")
    assert "pixels are" not in caught.value.detail
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
