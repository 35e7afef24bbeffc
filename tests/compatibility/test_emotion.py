"""`POST /emotion` as the seed's clients know it, read by the real local analyzer."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as PILImage
from rest_framework.test import APIClient

from garden.faces import service
from garden.faces.pool import ReadingPool
from garden.models import Visitor
from generation.engines.base import PictureRequest
from generation.engines.painter import PainterEngine
from tests.support import pictures
from tests.support.kiosk import show_photo

pytestmark = pytest.mark.django_db


def test_it_answers_every_field_of_the_seed(api: APIClient) -> None:
    answer = show_photo(api, pictures.portrait())
    assert answer.status_code == 200
    reading = answer.json()
    assert uuid.UUID(reading["id"]).version == 4
    assert reading["bucket"] == "emotion-garden"
    assert reading["key"] == f"profile/{reading['id']}.jpeg"
    assert reading["ageRange"]["Low"] < reading["ageRange"]["High"]
    assert reading["emotions"] == "HAPPY"
    assert reading["gender"] == "Female"
    assert reading["generation"] in {"young-adult", "adult"}
    assert {name: reading[name] for name in ("smile", "eyeglasses", "sunglasses", "beard", "mustache", "eyesOpen")} == {
        "smile": True,
        "eyeglasses": False,
        "sunglasses": False,
        "beard": False,
        "mustache": False,
        "eyesOpen": True,
    }
    assert isinstance(reading["mouthOpen"], bool)
    assert len(reading["emotionScores"]) == 8
    assert sum(reading["emotionScores"].values()) == pytest.approx(1, abs=0.001)
    assert max(reading["emotionScores"], key=reading["emotionScores"].__getitem__) == "happy"
    assert reading["faces"] == 1
    assert 0.5 < reading["confidence"] <= 1


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "HEIF", "GIF"])
def test_it_reads_the_formats_of_canvases_and_phones(api: APIClient, file_format: str) -> None:
    answer = show_photo(api, pictures.portrait(file_format))
    assert (answer.status_code, answer.json()["emotions"]) == (200, "HAPPY")


@pytest.mark.parametrize("header", ["X-user-id", "x-USER-ID"])
def test_it_remembers_the_visitor_whom_the_header_names_in_any_case(api: APIClient, header: str) -> None:
    Visitor.objects.create(id="ann", emotion="sad")
    reading = show_photo(api, pictures.portrait(), **{header: "ann"}).json()
    assert reading["id"] == "ann"
    ann = Visitor.objects.get()
    assert (ann.id, ann.emotion, ann.gender, ann.generation) == ("ann", "happy", "Female", reading["generation"])


def test_it_refuses_a_visitor_id_longer_than_256_characters(api: APIClient) -> None:
    answer = show_photo(api, pictures.portrait(), **{"X-user-id": "a" * 257})
    assert answer.status_code == 400
    assert "X-user-id" in answer.json()["detail"]


@pytest.mark.parametrize("content_type", ["image/png", "application/json", ""])
def test_it_reads_the_body_whatever_the_content_type_says(api: APIClient, content_type: str) -> None:
    assert show_photo(api, pictures.portrait("PNG"), content_type=content_type).json()["emotions"] == "HAPPY"


def test_it_reads_one_to_three_frames_of_a_multipart_field_named_image(api: APIClient) -> None:
    def send(name: str, *photos: bytes) -> Any:
        return api.post("/emotion", {name: [SimpleUploadedFile("frame", photo) for photo in photos]})

    portrait = pictures.portrait()
    assert send("image", portrait).json()["emotions"] == "HAPPY"
    reading = send("image", portrait, pictures.coffee(), portrait).json()
    assert reading["emotions"] == "HAPPY"
    assert sum(reading["emotionScores"].values()) == pytest.approx(1, abs=0.001)
    assert send("image", *[portrait] * 4).status_code == 400
    misnamed = send("picture", portrait)
    assert misnamed.status_code == 400
    assert "image" in misnamed.json()["detail"]
    assert send("image", portrait + bytes(5_000_000)).status_code == 413


def test_it_honours_the_exif_orientation(api: APIClient) -> None:
    assert show_photo(api, pictures.turned_portrait()).json()["emotions"] == "HAPPY"


def test_it_counts_faces_and_reads_the_largest(api: APIClient) -> None:
    reading = show_photo(api, pictures.two_faces()).json()
    assert reading["faces"] == 2
    assert reading["emotions"] == "HAPPY"


def test_it_answers_no_face_as_plain_text_with_404(api: APIClient) -> None:
    answer = show_photo(api, pictures.coffee())
    assert answer.status_code == 404
    assert answer.content == b"No Face"
    assert answer["Content-Type"].startswith("text/plain")
    assert not Visitor.objects.exists()


@pytest.mark.parametrize("prompt", ["happy, flowers", "fear, owl"])
def test_it_finds_nobody_among_flowers(api: APIClient, prompt: str) -> None:
    (garden,) = PainterEngine().make([PictureRequest(prompt, 1280, 800, seed=1)])
    assert show_photo(api, pictures.encode(garden.image)).content == b"No Face"


@pytest.mark.parametrize("body", [b"hello", b"\xff\xd8\xff", b"GIF89a" + bytes(100)])
def test_it_answers_400_to_what_is_no_picture(api: APIClient, body: bytes) -> None:
    answer = show_photo(api, body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "unreadable_photo"


def test_it_answers_400_to_an_empty_body(api: APIClient) -> None:
    answer = show_photo(api, b"")
    assert answer.status_code == 400
    assert "image" in answer.json()["detail"]


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_it_answers_400_to_a_truncated_picture(api: APIClient, file_format: str) -> None:
    whole = pictures.portrait(file_format)
    assert show_photo(api, whole[: len(whole) // 2]).status_code == 400


def test_it_answers_413_to_too_many_bytes(api: APIClient) -> None:
    answer = show_photo(api, pictures.portrait() + bytes(5_000_000))
    assert answer.status_code == 413
    assert answer.json()["max_bytes"] == 5_000_000


@pytest.mark.parametrize("side", [6_000, 20_000])
def test_it_answers_413_to_too_many_pixels(api: APIClient, side: int) -> None:
    bomb = pictures.encode(PILImage.new("1", (side, side)), "PNG")
    answer = show_photo(api, bomb)
    assert answer.status_code == 413
    assert answer.json()["max_pixels"] == 25_000_000


def test_it_answers_503_with_retry_after_when_the_analyzer_is_down_and_405_to_get(
    api: APIClient, settings: Any
) -> None:
    settings.FACE_ANALYZER = {
        "BACKEND": "garden.faces.local.LocalAnalyzer",
        "OPTIONS": {"models": "/nowhere"},
    }
    answer = show_photo(api, pictures.portrait())
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer.json()["code"] == "analyzer_unavailable"
    assert api.get("/emotion").status_code == 405


def test_it_asks_a_kiosk_to_come_again_when_too_many_photos_are_read(
    api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = ReadingPool(slots=0, wait=0.01)
    monkeypatch.setattr(service, "reading_pool", pool)
    answer = show_photo(api, pictures.portrait())
    pool.release()
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert show_photo(api, pictures.portrait()).status_code == 200
