"""What the souvenir page says of pictures that were made and signed here."""

import hashlib
import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from garden.models import Image
from garden.services import register_image
from garden.souvenirs.checking import check_picture
from generation.provenance import encode_jpeg
from generation.signing import make_signing_key, save_signing_key
from tests.generation.provenance.conftest import picture

pytestmark = pytest.mark.django_db
KEY = "emotions/calm/img_20260320-121242_6h.jpeg"


def kept(content: bytes, engine: str = "diffusers") -> Image:
    return register_image(key=KEY, content=content, origin=engine, model="sd-turbo")


def credentials_on_page(client: Client, language: str = "en") -> tuple[str, str]:
    """State and words of the check."""
    page = client.get("/image", {"content": KEY}, headers={"Accept-Language": language}).content.decode()
    found = re.search(r'data-credentials="(\w+)".*?</section>', page, re.DOTALL)
    assert found
    return found[1], " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Made by AI, signed"),
        ("ko", "생성형 AI가 만든 그림 · 서명 확인됨"),
        ("ja", "生成AIが作った絵・署名を確認済み"),
    ],
)
def test_a_signature_that_holds_is_said_with_what_it_covers(
    client: Client, signing_key: Path, language: str, words: str
) -> None:
    kept(encode_jpeg(picture()))
    state, message = credentials_on_page(client, language)
    assert state == "valid"
    assert words in message
    assert "Museum of Moods" in message
    assert "diffusers sd-turbo" in message


def test_what_learned_from_nothing_is_not_called_ai(client: Client, signing_key: Path) -> None:
    kept(encode_jpeg(picture(engine="painter")), engine="painter")
    _state, message = credentials_on_page(client)
    assert "Made by a program, signed" in message
    assert "Made by AI" not in message


def test_a_picture_without_a_signature_is_called_unsigned_whatever_it_says_of_itself(client: Client) -> None:
    kept(encode_jpeg(picture()))
    state, message = credentials_on_page(client)
    assert state == "missing"
    assert "Not signed" in message
    assert "sd-turbo" not in message


def test_a_changed_picture_is_not_believed(client: Client, signing_key: Path) -> None:
    content = encode_jpeg(picture())
    kept(content.replace(b"AISystemVersionUsed>sd-turbo", b"AISystemVersionUsed>sd-eight"))
    state, message = credentials_on_page(client)
    assert state == "broken"
    assert "sd-eight" not in message


def test_a_file_that_was_exchanged_is_not_believed_however_well_signed(client: Client, signing_key: Path) -> None:
    kept(encode_jpeg(picture(prompt="calm")))
    default_storage.delete(KEY)
    default_storage.save(KEY, ContentFile(encode_jpeg(picture(prompt="angry"))))
    assert credentials_on_page(client)[0] == "broken"


def test_somebody_elses_signature_is_said_to_be_somebody_elses(
    client: Client, signing_key: Path, tmp_path: Path
) -> None:
    kept(encode_jpeg(picture()))
    signing_key.with_name("anchors.pem").unlink()
    signing_key.unlink()
    save_signing_key(make_signing_key("Another museum", 1), signing_key)
    assert credentials_on_page(client)[0] == "unknown_signer"


def test_without_the_file_nothing_is_claimed(client: Client, signing_key: Path) -> None:
    kept(encode_jpeg(picture()))
    default_storage.delete(KEY)
    state, message = credentials_on_page(client)
    assert (state, "Not checked" in message) == ("unchecked", True)


def test_it_is_checked_once_per_content(signing_key: Path) -> None:
    image = kept(encode_jpeg(picture()))
    first = check_picture(image)
    default_storage.delete(KEY)
    assert check_picture(image) == first
    image.content_hash = hashlib.sha256(b"another").hexdigest()
    assert check_picture(image) is None
