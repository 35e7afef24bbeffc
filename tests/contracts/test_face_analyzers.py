"""What every face analyzer must do, whoever reads the face: add yours to ANALYZERS."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from garden.faces.base import NOT_JUDGED, AnalyzerUnavailableError, FaceReading, NoFaceError
from garden.faces.photo import PhotoLimits, PhotoTooLargeError, UnreadablePhotoError
from garden.faces.quality import Limits, faults
from garden.faces.selection import Several
from garden.vocabulary import Emotion, Gender
from tests.contracts import face_analyzers
from tests.contracts.face_analyzers import Make
from tests.support import pictures

pytestmark = pytest.mark.django_db
ANALYZERS: dict[str, Callable[[Path], AbstractContextManager[Make]]] = {
    "local": face_analyzers.local,
    "rekognition": face_analyzers.rekognition,
}
BROKEN: dict[str, dict[str, Any]] = {
    "local": {"models": "/nowhere"},
    "rekognition": {"endpoint_url": "http://127.0.0.1:9"},
}
"""Options with which it cannot read."""


@pytest.fixture(scope="module", params=ANALYZERS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def make(name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    with ANALYZERS[name](tmp_path_factory.mktemp(name)) as make:
        yield make


@pytest.fixture
def reading(make: Make) -> FaceReading:
    return make().read(pictures.portrait())


def test_it_scores_all_eight_emotions_and_the_scores_sum_to_one(reading: FaceReading) -> None:
    assert set(reading.scores) == set(Emotion)
    assert all(0 <= score <= 1 for score in reading.scores.values())
    assert sum(reading.scores.values()) == pytest.approx(1, abs=1e-6)


def test_it_counts_faces_and_says_how_sure_it_is_of_this_one(reading: FaceReading) -> None:
    assert 1 <= reading.faces <= 100
    assert 0 <= reading.confidence <= 1


def test_it_names_the_strongest_emotion(reading: FaceReading) -> None:
    assert reading.emotion is Emotion.HAPPY


def test_it_gives_an_age_range_in_whole_years(reading: FaceReading) -> None:
    assert isinstance(reading.age_low, int)
    assert 0 <= reading.age_low < reading.age_high <= 120


def test_it_says_how_sure_it_is_of_every_attribute_that_it_judges(reading: FaceReading) -> None:
    names = ["smile", "eyeglasses", "sunglasses", "beard", "mustache", "eyes_open", "mouth_open"]
    judged = [each for each in (getattr(reading, name) for name in names) if each != NOT_JUDGED]
    assert judged
    assert all(isinstance(each.value, bool) and 0.5 <= each.confidence <= 1 for each in judged)
    assert reading.gender is Gender.FEMALE
    assert reading.smile.value in (True, None)
    assert reading.eyeglasses.value in (False, None)


def test_it_reads_the_same_photo_alike_every_time(make: Make) -> None:
    analyzer = make()
    assert analyzer.read(pictures.portrait()) == analyzer.read(pictures.portrait())


def test_it_reads_the_largest_face_and_counts_all(make: Make) -> None:
    reading = make().read(pictures.two_faces())
    assert reading.faces == 2
    assert reading.emotion is Emotion.HAPPY


@pytest.mark.parametrize("several", Several)
def test_it_counts_all_faces_whichever_it_reads(make: Make, several: Several) -> None:
    assert make(several=several).read(pictures.two_faces()).faces == 2


def test_what_it_measures_of_a_good_portrait_keeps_to_its_own_limits(make: Make, reading: FaceReading) -> None:
    """An analyzer may measure nothing: then it is never a reason to ask for a better look."""
    quality, limits = reading.quality, make().standards
    assert faults(quality, replace(limits, most_beside=0)) == ()
    if quality is None:
        assert limits == Limits()
    else:
        shares = (quality.sharpness, quality.brightness, quality.covered, quality.live)
        assert all(0 <= share <= 1 for share in shares if share is not None)
        assert all(abs(angle) <= 180 for angle in (quality.yaw, quality.pitch, quality.roll) if angle is not None)
        assert quality.beside == 0


def test_it_detects_the_living_only_if_it_is_asked_and_can(make: Make, reading: FaceReading) -> None:
    assert reading.quality is None or reading.quality.live is None
    asked = make(liveness=True)
    found = asked.read(pictures.portrait()).quality
    assert (found is not None and found.live is not None) is asked.tells_live


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


def test_it_says_who_gets_the_photo_and_what_to_see_to(make: Make, name: str) -> None:
    assert bool(make().recipient) is (name == "rekognition")
    assert make().advice


def test_it_says_nothing_of_the_photo_when_it_is_unavailable(make: Make, name: str) -> None:
    with pytest.raises(AnalyzerUnavailableError) as unavailable:
        make(**BROKEN[name]).read(pictures.portrait())
    assert unavailable.value.detail
    assert len(unavailable.value.detail) < 500
    assert "\\x" not in unavailable.value.detail
