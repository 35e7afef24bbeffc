import io
import json
import logging
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from PIL import Image

from garden.checks import check_tries_fit
from garden.errors import MisconfiguredError
from garden.faces.base import ATTRIBUTES, AnalyzerUnavailableError, Attribute, FaceReading
from garden.faces.photo import PhotoLimits, PhotoTooLargeError, UnreadablePhotoError
from garden.faces.pool import ReadingPool
from garden.faces.quality import Quality
from garden.faces.rekognition import AnalyzerDeniedError, RekognitionAnalyzer
from garden.faces.selection import Several
from garden.vocabulary import Emotion, Gender
from tests.garden.faces.rekognition.conftest import BACKEND, Make
from tests.services.rekognition import Answer, FakeRekognition, face_of, failing
from tests.support import pictures

pytestmark = pytest.mark.django_db
NO = Attribute(value=False, confidence=0.9)
WORN: dict[str, Any] = {
    name: Attribute(value=number % 2 == 0, confidence=0.9 + number / 100) for number, name in enumerate(ATTRIBUTES)
}
READING = FaceReading(
    scores={emotion: 0.3 if emotion is Emotion.CALM else 0.1 for emotion in Emotion},
    age_low=31,
    age_high=39,
    gender=Gender.MALE,
    faces=1,
    confidence=0.99,
    **WORN,
)


def sent(rekognition: FakeRekognition) -> Image.Image:
    return Image.open(io.BytesIO(rekognition.photos[-1]))


def test_it_passes_on_what_amazon_answers(make: Make, rekognition: FakeRekognition) -> None:
    rekognition.faces = [face_of(READING, side=0.4)]
    reading = make().read(pictures.portrait())
    assert (reading.age_low, reading.age_high, reading.gender, reading.faces) == (31, 39, Gender.MALE, 1)
    assert reading.confidence == pytest.approx(0.99)
    assert reading.scores == pytest.approx(READING.scores)
    for name in ATTRIBUTES:
        reported: Attribute = getattr(reading, name)
        assert reported.value is getattr(READING, name).value
        assert reported.confidence == pytest.approx(getattr(READING, name).confidence)


def test_it_reports_how_well_the_face_can_be_seen(make: Make, rekognition: FakeRekognition) -> None:
    rekognition.faces = [face_of(READING, side=0.4), face_of(READING, side=0.3)]
    seen = Quality(sharpness=0.9, brightness=0.7, eye_distance=0.2 * 512, yaw=12, pitch=3, roll=-2.5, beside=1)
    quality = make().read(pictures.portrait()).quality
    assert quality is not None
    assert quality.covered == pytest.approx(0.01)
    assert quality.eye_distance == pytest.approx(seen.eye_distance)
    for name in ("sharpness", "brightness", "yaw", "pitch", "roll", "beside", "live"):
        assert getattr(quality, name) == getattr(seen, name)


@pytest.mark.parametrize(("several", "age"), [(Several.LARGEST, 60), (Several.CENTRE, 20), (Several.REFUSE, 60)])
def test_it_reads_the_face_that_the_site_wants_wherever_amazon_lists_it(
    make: Make, rekognition: FakeRekognition, several: Several, age: int
) -> None:
    def face(side: float, left: float, low: int) -> dict[str, object]:
        box = {"Width": side, "Height": side, "Left": left, "Top": 0.5 - side / 2}
        return face_of(READING, side=side, BoundingBox=box, AgeRange={"Low": low, "High": low + 5})

    rekognition.faces = [face(0.1, 0.45, 5), face(0.3, 0.35, 20), face(0.35, 0.6, 60)]
    reading = make(several=several).read(pictures.portrait())
    assert (reading.age_low, reading.faces) == (age, 3)


def test_amazons_unknown_emotion_is_none_of_the_eight_words(make: Make, rekognition: FakeRekognition) -> None:
    emotions = [{"Type": "UNKNOWN", "Confidence": 90.0}, {"Type": "SAD", "Confidence": 6.0}]
    rekognition.faces = [face_of(READING, side=0.4, Emotions=[*emotions, {"Type": "FEAR", "Confidence": 2.0}])]
    scores = make().read(pictures.portrait()).scores
    assert (scores[Emotion.SAD], scores[Emotion.FEAR], scores[Emotion.HAPPY]) == (0.75, 0.25, 0)


@pytest.mark.parametrize("emotions", [[], [{"Type": "UNKNOWN", "Confidence": 99.0}]])
def test_a_face_without_an_emotion_is_no_reading(
    make: Make, rekognition: FakeRekognition, emotions: list[dict[str, object]]
) -> None:
    rekognition.faces = [face_of(READING, side=0.4, Emotions=emotions)]
    with pytest.raises(AnalyzerUnavailableError, match="left attributes"):
        make().read(pictures.portrait())


def test_nothing_but_upright_pixels_leaves_the_house(make: Make, rekognition: FakeRekognition) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "a camera"
    exif.get_ifd(0x8825)[2] = (48.0, 8.0, 15.0)
    lying = pictures.astronaut().rotate(90, expand=True)
    make().read(pictures.encode(lying, exif=exif, comment=b"who it is"))
    assert b"a camera" not in rekognition.photos[0]
    assert b"who it is" not in rekognition.photos[0]
    assert dict(sent(rekognition).getexif()) == {}
    difference = np.asarray(sent(rekognition)).astype(int) - np.asarray(pictures.astronaut()).astype(int)
    assert np.abs(difference).mean() < 4


@pytest.mark.parametrize("file_format", ["PNG", "WEBP"])
def test_it_sends_what_amazon_can_open(make: Make, rekognition: FakeRekognition, file_format: str) -> None:
    make().read(pictures.portrait(file_format))
    assert sent(rekognition).format == "JPEG"


def test_the_worst_photo_that_is_sent_fits_into_amazons_limit(make: Make, rekognition: FakeRekognition) -> None:
    """Black and white dots are the worst that can happen to a JPEG."""
    dots = np.random.default_rng(0).integers(0, 2, (1920, 1920), np.uint8) * np.uint8(255)
    rekognition.faces = [face_of(READING, side=0.4)]
    make().read(pictures.encode(Image.fromarray(dots), "PNG", compress_level=1))
    assert len(rekognition.photos[0]) <= 5_242_880


def test_a_larger_photo_is_sent_smaller(make: Make, rekognition: FakeRekognition) -> None:
    rekognition.faces = [face_of(READING, side=0.4)]
    make().read(pictures.encode(Image.new("RGB", (2400, 1200)), "PNG"))
    assert sent(rekognition).size == (1920, 960)


def test_it_does_not_pay_for_a_photo_too_small_for_amazon(make: Make, rekognition: FakeRekognition) -> None:
    with pytest.raises(UnreadablePhotoError, match="80 each way"):
        make().read(pictures.encode(pictures.astronaut().resize((79, 200))))
    assert rekognition.photos == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("ThrottlingException", 400),
        ("ProvisionedThroughputExceededException", 400),
        ("InternalServerError", 500),
        ("ServiceUnavailableException", 503),
    ],
)
def test_it_tries_again_where_that_helps(make: Make, rekognition: FakeRekognition, error: str, status: int) -> None:
    rekognition.trouble = failing(error, status, times=1)
    assert make(attempts=2).read(pictures.portrait()).emotion is Emotion.HAPPY
    assert len(rekognition.photos) == 2


def test_it_gives_up_after_so_many_tries(make: Make, rekognition: FakeRekognition) -> None:
    rekognition.trouble = failing("ThrottlingException")
    with pytest.raises(AnalyzerUnavailableError, match=r"is unavailable \(ThrottlingException\)"):
        make(attempts=2).read(pictures.portrait())
    assert len(rekognition.photos) == 2


def test_it_waits_no_longer_than_it_should(make: Make, rekognition: FakeRekognition) -> None:
    rekognition.trouble = lambda number: Answer({}, delay=1)
    with pytest.raises(AnalyzerUnavailableError, match="ReadTimeoutError"):
        make(read_timeout=0.1).read(pictures.portrait())


def test_an_answer_that_is_none_is_no_reading(make: Make, rekognition: FakeRekognition) -> None:
    rekognition.trouble = lambda number: Answer({})
    with pytest.raises(AnalyzerUnavailableError, match="no answer"):
        make().read(pictures.portrait())


@pytest.mark.parametrize(
    ("error", "meaning"),
    [("InvalidImageFormatException", UnreadablePhotoError), ("ImageTooLargeException", PhotoTooLargeError)],
)
def test_what_amazon_will_never_read_is_not_sent_again(
    make: Make, rekognition: FakeRekognition, error: str, meaning: type[Exception]
) -> None:
    rekognition.trouble = failing(error)
    with pytest.raises(meaning):
        make(attempts=2).read(pictures.portrait())
    assert len(rekognition.photos) == 1


@pytest.mark.parametrize("error", ["AccessDeniedException", "UnrecognizedClientException", "ExpiredTokenException"])
def test_visitors_are_not_told_whose_account_is_not_let_in_but_the_log_is(
    make: Make, rekognition: FakeRekognition, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    rekognition.trouble = failing(error, words="arn:aws:iam::123456789012:user/garden may not")
    with pytest.raises(AnalyzerDeniedError, match=f"denies access \\({error}\\)") as denied:
        make().read(pictures.portrait())
    assert "123456789012" not in denied.value.detail
    assert "123456789012" in caplog.text


def test_no_error_of_it_holds_the_photo(
    make: Make, rekognition: FakeRekognition, caplog: pytest.LogCaptureFixture
) -> None:
    rekognition.trouble = failing("InternalServerError", 500)
    with caplog.at_level(logging.INFO), pytest.raises(AnalyzerUnavailableError) as failed:
        make().read(pictures.portrait())
    assert failed.value.__context__ is None
    assert len(caplog.text) < 1_000


@pytest.mark.django_db(transaction=True)
def test_it_leaves_a_service_alone_that_fails_again_and_again(make: Make, rekognition: FakeRekognition) -> None:
    rekognition.trouble = failing("InternalServerError", 500)
    pool, analyzer = ReadingPool(), make()
    for _ in range(pool.threshold + 2):
        with pytest.raises(AnalyzerUnavailableError):
            pool.read(analyzer.read, pictures.portrait())
    assert len(rekognition.photos) == pool.threshold


@pytest.mark.django_db(transaction=True)
def test_photos_that_cannot_be_read_are_no_fault_of_the_service(make: Make, rekognition: FakeRekognition) -> None:
    pool, analyzer = ReadingPool(), make()
    rekognition.trouble = failing("InvalidImageFormatException", times=pool.threshold)
    for _ in range(pool.threshold):
        with pytest.raises(UnreadablePhotoError):
            pool.read(analyzer.read, pictures.portrait())
    assert pool.read(analyzer.read, pictures.portrait()).emotion is Emotion.HAPPY


def test_it_says_where_nothing_listens(make: Make) -> None:
    with pytest.raises(AnalyzerUnavailableError, match="EndpointConnectionError"):
        make(endpoint_url="http://127.0.0.1:9").read(pictures.portrait())


def test_it_names_what_boto3_misses(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    with pytest.raises(AnalyzerDeniedError, match="region"):
        make(region="", endpoint_url="").check()
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(AnalyzerDeniedError, match="no credentials"):
        make(connect_timeout=1.0).check()


def test_it_says_that_boto3_is_not_installed(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.exceptions", None)
    with pytest.raises(AnalyzerUnavailableError, match=r"requirements/aws\.txt"):
        make(read_timeout=3.0).check()


def test_it_is_imported_without_boto3() -> None:
    code = f"import sys, json, {BACKEND.rpartition('.')[0]}; print(json.dumps(sorted(sys.modules)))"
    modules = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
    assert not {"boto3", "botocore"} & set(modules)


@pytest.mark.parametrize(
    ("option", "value", "rule"),
    [
        ("attempts", 0, "at least 1"),
        ("frames", 0, "at least 1"),
        ("price", -1.0, "at least 0"),
        ("daily_budget", -0.5, "at least 0"),
        ("connect_timeout", 0.0, "at least 0.1"),
        ("read_timeout", 0.0, "at least 0.1"),
    ],
)
def test_it_refuses_an_option_outside_its_bounds(option: str, value: Any, rule: str) -> None:
    with pytest.raises(MisconfiguredError, match=f"FACE_ANALYZER: {option} must be {rule}"):
        RekognitionAnalyzer(limits=PhotoLimits(), **{option: value})


def test_tries_that_outlast_a_reading_are_told_beforehand(settings: Any) -> None:
    settings.FACE_READING_SECONDS = 15
    settings.FACE_ANALYZER = {"BACKEND": BACKEND, "OPTIONS": {"attempts": 2, "read_timeout": 4.0}}
    assert check_tries_fit() == []
    settings.FACE_ANALYZER = {"BACKEND": BACKEND, "OPTIONS": {"attempts": 3, "read_timeout": 10.0}}
    (found,) = check_tries_fit()
    assert "may take 39 s" in found.msg
