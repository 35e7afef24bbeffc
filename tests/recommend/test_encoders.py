"""What a picture encoder sees becomes part of descriptions; without one nothing changes. A real, tiny CLIP."""

import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from garden.models import Image
from garden.ops.doctor import Health
from recommend import tasks
from recommend.backends.embedded.snapshots import make_model, state_version
from recommend.backends.registry import get_recommender
from recommend.bandit.inference import Floats
from recommend.checks import check_backends
from recommend.doctor import check_encoder
from recommend.encoders import ENCODED, Axes, ClipEncoder, PictureEncoder, Pixels
from recommend.features import DIMENSION, VERSION, layout
from recommend.models import Description, Snapshot
from recommend.models.description import unpack
from recommend.services import descriptions
from tests.recommend.cast import ANN, plant, wanted
from tests.support.tiny_clip import SEES, build_tiny_clip

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True, kw_only=True)
class Blinded(PictureEncoder):
    """An encoder whose network cannot be loaded."""

    @property
    def identity(self) -> str:
        return "blinded"

    def encode(self, pictures: Sequence[Pixels]) -> Floats:
        raise MemoryError


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_clip(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def with_clip(clip: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The site has an encoder, and a dozen pictures are enough for axes."""
    settings.PICTURE_ENCODER = {"BACKEND": "recommend.encoders.ClipEncoder", "OPTIONS": {"folder": clip}}
    monkeypatch.setattr(descriptions, "AXES_MINIMUM", 12)


def hang(count: int) -> list[Image]:
    """Pictures of one prompt, each of a colour of its own."""
    images = plant(count)
    for number, image in enumerate(images):
        colour = tuple(np.random.default_rng(number).integers(0, 255, 3).tolist())
        file = io.BytesIO()
        PIL.Image.new("RGB", (64, 40), colour).save(file, "JPEG")
        default_storage.save(image.key, ContentFile(file.getvalue()))
    return images


def vectors() -> Floats:
    """The latest description of every picture in today's version."""
    rows = Description.objects.filter(version=layout().version).order_by("sequence")
    latest = dict(rows.values_list("image_id", "vector"))
    return np.array([unpack(bytes(vector)) for vector in latest.values()])


def test_clip_encodes_reproducible_rows_of_unit_length_that_differ_between_pictures(clip: Path) -> None:
    pixels = [np.random.default_rng(seed).integers(0, 255, (48, 80, 3), np.uint8) for seed in range(5)]
    encoder = ClipEncoder(folder=clip, batch=2)
    seen = encoder.encode(pixels)
    assert seen.shape == (5, SEES)
    assert np.linalg.norm(seen, axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    assert seen == pytest.approx(ClipEncoder(folder=clip, batch=5).encode(pixels), abs=1e-5)
    assert np.abs(seen[0] - seen[1]).max() > 1e-4


def test_without_an_encoder_descriptions_are_as_they_were() -> None:
    hang(1)
    tasks.sweep_descriptions()
    assert vectors().shape == (1, DIMENSION)
    assert layout().version == VERSION


def test_the_encoded_part_is_neutral_until_there_are_enough_pictures(with_clip: None) -> None:
    hang(3)
    tasks.sweep_descriptions()
    assert vectors().shape == (3, DIMENSION + ENCODED)
    assert not vectors()[:, DIMENSION:].any()


def test_with_enough_pictures_axes_are_found_and_all_are_described_again(with_clip: None) -> None:
    hang(11)
    assert tasks.sweep_descriptions() == 11
    hang(1)
    assert [tasks.sweep_descriptions() for _ in range(3)] == [1, 11, 0]
    spread = vectors()[:, DIMENSION:].std(0)
    assert spread[0] == pytest.approx(1.0, rel=0.01)
    assert (np.diff(spread) <= 1e-6).all()
    assert Snapshot.objects.of_axes(layout().version).count() == 1


def test_a_missing_or_broken_file_has_the_neutral_part(with_clip: None) -> None:
    hang(12)
    (torn,) = plant(1)
    default_storage.save(torn.key, ContentFile(b"torn"))
    while tasks.sweep_descriptions():
        pass
    last = Description.objects.filter(image=torn).latest("sequence")
    assert not unpack(bytes(last.vector))[DIMENSION:].any()


def test_another_encoder_describes_anew_and_begins_another_state(with_clip: None, clip: Path, settings: Any) -> None:
    hang(12)
    tasks.sweep_descriptions()
    before = layout().version, state_version()
    other = build_tiny_clip(clip.parent / "other", seed=1)
    settings.PICTURE_ENCODER = {"BACKEND": "recommend.encoders.ClipEncoder", "OPTIONS": {"folder": other}}
    assert layout().version != before[0]
    assert state_version() != before[1]
    assert Description.objects.missing(layout().version).count() == 12
    assert tasks.sweep_descriptions() == 12


def test_it_ranks_and_learns_by_what_the_encoder_saw(with_clip: None) -> None:
    images = hang(12)
    tasks.sweep_descriptions()
    ranked = get_recommender().rank(ANN, wanted())
    assert sum(len(found.keys) for found in ranked.images.values()) == len(images)
    assert make_model().width == 2 + DIMENSION + ENCODED


def test_pictures_are_left_for_the_next_time_while_the_encoder_cannot_run(
    settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(descriptions, "AXES_MINIMUM", 2)
    settings.PICTURE_ENCODER = {"BACKEND": f"{__name__}.Blinded", "OPTIONS": {}}
    hang(2)
    assert tasks.sweep_descriptions() == 0
    assert Description.objects.count() == 0
    assert "blinded cannot encode pictures now" in caplog.text


def test_a_web_process_ranks_without_the_encoders_libraries(with_clip: None, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(2)
    for library in ("torch", "transformers"):
        monkeypatch.setitem(sys.modules, library, None)
    ranked = get_recommender().rank(ANN, wanted())
    assert sum(len(found.keys) for found in ranked.images.values()) == 2


def test_a_check_reports_settings_that_name_no_encoder(settings: Any) -> None:
    assert check_backends() == []
    settings.PICTURE_ENCODER = {"BACKEND": "recommend.encoders.Telescope", "OPTIONS": {}}
    assert all("PICTURE_ENCODER" in error.msg for error in check_backends())
    assert "cannot be imported" in check_backends()[-1].msg


def test_doctor_reports_an_encoder_that_cannot_encode(settings: Any, tmp_path: Path) -> None:
    assert list(check_encoder()) == []
    settings.PICTURE_ENCODER = {
        "BACKEND": "recommend.encoders.EfficientNetEncoder",
        "OPTIONS": {"models": tmp_path},
    }
    (found,) = check_encoder()
    assert found.health == Health.FAILED
    assert "efficientnet-lite0.onnx is not there yet" in found.words
    assert "build_models" in found.advice


def test_it_keeps_the_directions_that_stand_out() -> None:
    rng = np.random.default_rng(4)
    hidden = rng.standard_normal((2_000, 5))
    seen = hidden @ np.linalg.qr(rng.standard_normal((20, 5)))[0].T + 0.3 * rng.standard_normal((2_000, 20))
    axes = Axes.of(seen.astype(np.float32))
    projected = axes.project(seen.astype(np.float32))
    assert projected.shape == (2_000, 5)
    assert axes.width == 5
    explained = np.linalg.lstsq(projected, hidden, rcond=None)[0]
    assert ((projected @ explained - hidden) ** 2).mean() < 0.1


def test_it_keeps_no_more_axes_than_requested() -> None:
    features = np.random.default_rng(1).standard_normal((500, 40)).astype(np.float32) * np.linspace(
        0.1, 5, 40, dtype=np.float32
    )
    assert Axes.of(features, most=7).width == 7
