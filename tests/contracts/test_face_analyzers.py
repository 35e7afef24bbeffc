"""What every face analyzer must do, whoever reads the face: add yours to ANALYZERS."""

from collections.abc import Callable

import pytest
from django.conf import settings

from garden.emotion.base import AnalyzerUnavailableError, FaceAnalyzer, FaceReading, NoFaceError
from garden.emotion.local import LocalAnalyzer
from garden.emotion.photo import PhotoLimits, PhotoTooLargeError, UnreadablePhotoError
from garden.vocabulary import Emotion, Gender
from tests import pictures

Make = Callable[..., FaceAnalyzer]
ANALYZERS: dict[str, Make] = {
    "local": lambda **options: LocalAnalyzer(**{**settings.FACE_ANALYZER["OPTIONS"], **options}),
}


@pytest.fixture(params=ANALYZERS)
def make(request: pytest.FixtureRequest) -> Make:
    return ANALYZERS[request.param]


@pytest.fixture
def reading(make: Make) -> FaceReading:
    return make().read(pictures.portrait())


def test_it_scores_all_eight_emotions_and_the_scores_sum_to_one(reading: FaceReading) -> None:
    assert set(reading.scores) == set(Emotion)
    assert all(0 <= score <= 1 for score in reading.scores.values())
    assert sum(reading.scores.values()) == pytest.approx(1, abs=1e-6)


def test_it_names_the_strongest_emotion(reading: FaceReading) -> None:
    assert reading.emotion is Emotion.HAPPY


def test_it_gives_an_age_range_in_whole_years(reading: FaceReading) -> None:
    assert isinstance(reading.age_low, int)
    assert 0 <= reading.age_low < reading.age_high <= 120


def test_it_says_how_sure_it_is_of_every_attribute(reading: FaceReading) -> None:
    attributes = ["smile", "eyeglasses", "sunglasses", "beard", "mustache", "eyes_open", "mouth_open"]
    assert all(0.5 <= getattr(reading, name).confidence <= 1 for name in attributes)
    assert reading.gender is Gender.FEMALE
    assert reading.smile.value
    assert not reading.eyeglasses.value


def test_it_reads_the_same_photo_alike_every_time(make: Make) -> None:
    analyzer = make()
    assert analyzer.read(pictures.portrait()) == analyzer.read(pictures.portrait())


def test_it_reads_the_largest_face_and_counts_all(make: Make) -> None:
    reading = make().read(pictures.two_faces())
    assert reading.faces == 2
    assert reading.emotion is Emotion.HAPPY


def test_it_says_when_nobody_is_there(make: Make) -> None:
    with pytest.raises(NoFaceError, match="No Face"):
        make().read(pictures.coffee())


@pytest.mark.parametrize("data", [b"", b"junk", pictures.portrait()[:4_000]])
def test_it_refuses_what_is_no_whole_picture(make: Make, data: bytes) -> None:
    with pytest.raises(UnreadablePhotoError):
        make().read(data)


@pytest.mark.parametrize("limits", [PhotoLimits(max_bytes=1_000), PhotoLimits(max_pixels=1_000)])
def test_it_refuses_what_exceeds_its_limits(make: Make, limits: PhotoLimits) -> None:
    with pytest.raises(PhotoTooLargeError):
        make(limits=limits).read(pictures.portrait())


def test_it_can_say_that_it_is_ready(make: Make) -> None:
    make().check()


def test_it_says_nothing_of_the_photo_when_it_is_unavailable() -> None:
    with pytest.raises(AnalyzerUnavailableError) as unavailable:
        ANALYZERS["local"](models="/nowhere").read(pictures.portrait())
    assert "build_face_models" in unavailable.value.detail
