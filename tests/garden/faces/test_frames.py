"""Several photos of one moment are read as one."""

from collections.abc import Callable

import pytest

from garden.faces.base import Attribute, FaceReading, NoFaceError
from garden.faces.frames import Frames, mean_reading, smoothed
from garden.faces.photo import UnreadablePhotoError
from garden.faces.quality import Limits, Quality
from garden.vocabulary import Emotion, Gender
from tests.garden.faces.evaluation.samples import reading

ANSWERS: dict[bytes, FaceReading | Exception] = {
    b"happy": reading("happy", 0.8),
    b"blink": reading("sad", 0.5),
    b"nobody": NoFaceError(),
    b"junk": UnreadablePhotoError("junk"),
}


@pytest.fixture
def read() -> Callable[[bytes], FaceReading]:
    def answer(photo: bytes) -> FaceReading:
        found = ANSWERS[bytes(photo)]
        if isinstance(found, Exception):
            raise found
        return found

    return smoothed(answer)


def test_one_photo_is_read_as_it_is(read: Callable[[bytes], FaceReading]) -> None:
    assert read(b"blink") is ANSWERS[b"blink"]
    assert read(Frames.of([b"blink"])) is ANSWERS[b"blink"]


def test_a_blink_is_outvoted(read: Callable[[bytes], FaceReading]) -> None:
    found = read(Frames.of([b"blink", b"happy", b"happy"]))
    assert found.emotion is Emotion.HAPPY
    assert found.scores[Emotion.HAPPY] == pytest.approx((0.8 + 0.8 + 0.5 / 7) / 3)
    assert sum(found.scores.values()) == pytest.approx(1)


def test_a_frame_without_a_face_is_passed_over(read: Callable[[bytes], FaceReading]) -> None:
    assert read(Frames.of([b"nobody", b"happy"])).emotion is Emotion.HAPPY


def test_nobody_on_any_frame_is_no_face(read: Callable[[bytes], FaceReading]) -> None:
    with pytest.raises(NoFaceError):
        read(Frames.of([b"nobody", b"nobody"]))


def test_a_frame_that_is_no_picture_is_refused(read: Callable[[bytes], FaceReading]) -> None:
    with pytest.raises(UnreadablePhotoError):
        read(Frames.of([b"happy", b"junk"]))


def test_ages_attributes_and_genders_are_averaged() -> None:
    yes, no = Attribute(value=True, confidence=0.9), Attribute(value=False, confidence=0.7)
    three = [
        reading("happy", smile=yes, age_low=20, age_high=30, gender=Gender.MALE),
        reading("happy", smile=no, age_low=26, age_high=36, gender=Gender.FEMALE),
        reading("happy", smile=yes, age_low=26, age_high=36, gender=Gender.FEMALE),
    ]
    mean = mean_reading(three)
    assert (mean.age_low, mean.age_high, mean.gender) == (24, 34, Gender.FEMALE)
    assert mean.smile.value
    assert mean.smile.confidence == pytest.approx(0.7)


def test_unclear_frames_are_left_out_while_others_are_clear() -> None:
    limits = Limits(least_sharpness=0.4)
    sharp, soft = Quality(sharpness=0.6), Quality(sharpness=0.1)
    answers = {b"sharp": reading("happy", 0.8, quality=sharp), b"soft": reading("sad", 0.9, quality=soft)}
    found = smoothed(lambda photo: answers[bytes(photo)], limits)(Frames.of([b"soft", b"sharp", b"soft"]))
    assert found.emotion is Emotion.HAPPY
    assert found.quality == sharp


def test_of_unclear_frames_alone_the_best_is_read_and_stays_unclear() -> None:
    limits = Limits(most_yaw=30)
    left, right = Quality(yaw=-60.0), Quality(yaw=50.0)
    answers = {b"left": reading("sad", 0.9, quality=left), b"right": reading("happy", 0.8, quality=right)}
    found = smoothed(lambda photo: answers[bytes(photo)], limits)(Frames.of([b"left", b"right"]))
    assert (found.emotion, found.quality) == (Emotion.HAPPY, right)
