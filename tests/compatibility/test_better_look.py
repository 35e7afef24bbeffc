"""What `/emotion` answers when a face cannot be seen well enough."""

import io
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter
from rest_framework.test import APIClient

from garden.models import Visitor
from tests.support import pictures
from tests.support.kiosk import show_photo

pytestmark = pytest.mark.django_db
AGAIN = {"X-Look-Again": "yes"}


def dark_portrait() -> bytes:
    return pictures.encode(ImageEnhance.Brightness(pictures.astronaut()).enhance(0.04), quality=98)


def test_a_client_of_the_seeds_gets_a_reading_with_what_is_amiss(api: APIClient) -> None:
    answer = show_photo(api, dark_portrait())
    assert answer.status_code == 200
    assert answer.json()["emotions"]
    assert answer.json()["faults"][0] == "dark"
    assert Visitor.objects.exists()


def test_a_good_photo_has_no_faults_and_says_how_good_it_is(api: APIClient) -> None:
    reading = show_photo(api, pictures.portrait(), **AGAIN).json()
    assert reading["faults"] == []
    assert reading["quality"]["eye_distance"] == pytest.approx(43, abs=3)
    assert "live" not in reading["quality"]


def test_a_client_that_looks_again_is_asked_for_a_better_look_and_nothing_is_remembered(api: APIClient) -> None:
    answer = show_photo(api, dark_portrait(), **AGAIN, **{"X-user-id": "ann"})
    assert answer.status_code == 422
    assert not Visitor.objects.exists()
    problem = answer.json()
    assert (problem["code"], problem["faults"][0]) == ("better_look", "dark")
    assert "dark" in problem["detail"]
    assert problem["quality"]["brightness"] < 0.1
    assert "emotions" not in problem


def cartoon() -> Image.Image:
    """The portrait in a few flat colours with black outlines."""
    pixels = np.asarray(pictures.astronaut())
    flat = pixels
    for _ in range(5):
        flat = cv2.bilateralFilter(flat, 9, 50, 9)
    grey = cv2.medianBlur(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), 5)
    outlines = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 9, 4)
    return Image.fromarray(np.where(outlines[..., None] == 0, 0, flat // 48 * 48 + 24).astype(np.uint8))


@pytest.mark.parametrize(
    ("spoil", "fault", "message"),
    [
        (lambda image: image.filter(ImageFilter.GaussianBlur(4)), "blurred", "blurred"),
        (lambda image: ImageEnhance.Brightness(image).enhance(1.5), "bright", "too bright"),
        (lambda image: image.transpose(Image.Transpose.ROTATE_90), "tilted", "not upright"),
        (lambda image: image.transpose(Image.Transpose.ROTATE_270), "tilted", "not upright"),
        (lambda image: image.transpose(Image.Transpose.ROTATE_180), "tilted", "not upright"),
        (lambda image: cartoon(), "picture", "a drawing or picture"),
    ],
    ids=["blurred", "too bright", "turned left", "turned right", "upside down", "drawn"],
)
def test_it_says_why_a_face_is_refused(
    api: APIClient, spoil: Callable[[Image.Image], Image.Image], fault: str, message: str
) -> None:
    photo = pictures.encode(spoil(pictures.astronaut()), quality=98)
    answer = show_photo(api, photo, **AGAIN)
    assert answer.status_code == 422
    assert answer.json()["faults"] == [fault]
    assert answer.json()["detail"] == f"The face cannot be seen well enough to read it: {message}."


def test_a_client_of_the_seeds_gets_the_mood_of_a_photo_that_is_upside_down(api: APIClient) -> None:
    reading = show_photo(api, pictures.encode(pictures.astronaut().transpose(Image.Transpose.ROTATE_180))).json()
    assert (reading["emotions"], reading["faults"]) == ("HAPPY", ["tilted"])


def test_eyes_behind_sunglasses_are_not_judged(api: APIClient) -> None:
    portrait = pictures.astronaut().copy()
    draw = ImageDraw.Draw(portrait)
    for x in (201, 247):
        draw.ellipse((x - 24, 99, x + 24, 137), fill=(12, 12, 14))
    draw.line((180, 112, 270, 112), fill=(12, 12, 14), width=5)
    dark = show_photo(api, pictures.encode(portrait)).json()
    assert (dark["sunglasses"], dark["eyesOpen"], dark["eyesSeen"]) == (True, False, False)
    plain = show_photo(api, pictures.portrait()).json()
    assert (plain["sunglasses"], plain["eyesOpen"], plain["eyesSeen"]) == (False, True, True)


def test_one_good_frame_of_a_moment_is_enough(api: APIClient) -> None:
    frames = [SimpleUploadedFile("frame", data) for data in (dark_portrait(), pictures.portrait(), dark_portrait())]
    answer = api.post("/emotion", {"image": frames}, headers=AGAIN)
    assert answer.status_code == 200
    assert (answer.json()["emotions"], answer.json()["faults"]) == ("HAPPY", [])


def test_a_site_may_refuse_it_to_all_in_the_words_that_they_know(api: APIClient, settings: Any) -> None:
    settings.FACE_QUALITY_CHECK = "always"
    answer = show_photo(api, dark_portrait())
    assert (answer.status_code, answer.content) == (404, b"No Face")
    assert show_photo(api, dark_portrait(), **AGAIN).status_code == 422


def test_a_site_may_have_no_quality_check_or_limits_of_its_own(api: APIClient, settings: Any) -> None:
    settings.FACE_QUALITY_LIMITS = {"least_eye_distance": 300.0}
    assert show_photo(api, pictures.portrait(), **AGAIN).json()["faults"] == ["small"]
    settings.FACE_QUALITY_CHECK = "off"
    answer = show_photo(api, dark_portrait(), **AGAIN)
    assert (answer.status_code, answer.json()["faults"]) == (200, [])


def two_people() -> bytes:
    canvas = Image.new("RGB", (1024, 512), "gray")
    canvas.paste(pictures.astronaut(), (0, 0))
    canvas.paste(pictures.astronaut().resize((450, 450)), (540, 30))
    stream = io.BytesIO()
    canvas.save(stream, "JPEG")
    return stream.getvalue()


def test_the_largest_of_several_faces_is_read_unless_a_site_refuses(api: APIClient, settings: Any) -> None:
    assert show_photo(api, two_people(), **AGAIN).status_code == 200
    settings.FACE_SEVERAL = "refuse"
    assert show_photo(api, two_people(), **AGAIN).json()["faults"] == ["several"]
    assert show_photo(api, two_people()).status_code == 200


def test_an_analyzer_that_measures_nothing_refuses_nothing(api: APIClient, settings: Any) -> None:
    settings.FACE_ANALYZER = {"BACKEND": "tests.compatibility.unmeasured.UnmeasuredAnalyzer"}
    reading = show_photo(api, dark_portrait(), **AGAIN).json()
    assert (reading["quality"], reading["faults"], reading["emotions"]) == (None, [], "CALM")
