"""A screen gets the copy that fits it, in the best form its browser reads; none is made while it waits."""

import hashlib
import io
from typing import Any

import PIL.Image
import pytest
from django.core.files.storage import default_storage
from django.test import Client

from garden.models import Image, ImageFile
from garden.services import register_image
from garden.storage.thumbnails import best_screen, delete_derived, make_screens, screen_keys
from garden.tasks import make_thumbnail_of
from tests.support.pictures import encode

pytestmark = pytest.mark.django_db
KEY = "emotions/calm/봄,꽃/img 1_0h.jpeg"
MODERN = "image/avif,image/webp,image/*,*/*;q=0.8"


def register(key: str = KEY, size: tuple[int, int] = (1280, 800)) -> Image:
    image = register_image(key=key, content=encode(PIL.Image.new("RGB", size, "teal")), origin="painter")
    make_thumbnail_of(image.pk)
    return image


def show(client: Client, side: int, accept: str = MODERN, key: str = KEY) -> Any:
    return client.get(f"/picture/{side}/{key}", headers={"accept": accept})


@pytest.mark.parametrize(
    ("side", "accept", "kind"),
    [
        (640, MODERN, "image/avif"),
        (1280, "image/webp,*/*", "image/webp"),
        (400, "image/webp,*/*", "image/webp"),
        (3840, MODERN, "image/avif"),
        (1280, "*/*", "image/jpeg"),
        (1280, "", "image/jpeg"),
    ],
)
def test_it_gives_the_best_form_that_is_accepted(client: Client, side: int, accept: str, kind: str) -> None:
    register()
    answer = show(client, side, accept)
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert "Accept" in answer["Vary"].split(", ")
    assert "max-age" in answer["Cache-Control"]


def test_it_is_as_wide_as_the_screen_needs(client: Client) -> None:
    register()
    for side in (640, 1280):
        content = b"".join(show(client, side, "image/webp").streaming_content)
        assert PIL.Image.open(io.BytesIO(content)).width == side


def test_it_gives_the_picture_itself_to_who_asks_for_no_side(client: Client) -> None:
    image = register()
    answer = show(client, 0)
    assert answer["Content-Type"] == "image/jpeg"
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == image.content_hash


def test_it_gives_the_picture_itself_while_no_copy_is_made(client: Client) -> None:
    image = register()
    ImageFile.objects.all().delete()
    assert show(client, 640, key=image.key)["Content-Type"] == "image/jpeg"


def test_it_never_enlarges() -> None:
    assert [name for name, _ in make_screens(encode(PIL.Image.new("RGB", (800, 500))))] == ["640.avif", "640.webp"]
    assert best_screen([], 640, {"image/avif"}) == ""


def test_the_pool_gets_no_copies_for_screens(client: Client) -> None:
    image = register("imgPool/calm/a_h.jpeg")
    assert ImageFile.objects.get(image=image).screens == []
    assert show(client, 640, key=image.key).status_code == 404


@pytest.mark.parametrize("key", ["emotions/calm/none.jpeg", "../secret", "emotions/a\0b"])
def test_what_is_not_published_is_absent(client: Client, key: str) -> None:
    assert show(client, 640, key=key).status_code == 404


def test_a_removed_picture_is_shown_no_more(client: Client) -> None:
    image = register()
    Image.objects.filter(pk=image.pk).withdraw()
    assert show(client, 640).status_code == 404


def test_copies_go_with_their_picture() -> None:
    register()
    assert all(default_storage.exists(key) for key in screen_keys(KEY))
    delete_derived(KEY)
    assert not any(default_storage.exists(key) for key in screen_keys(KEY))


def in_a_bucket(settings: Any, **options: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "garden.storage.s3.PictureS3Storage", "OPTIONS": {"bucket_name": "b", **options}},
    }


def test_what_lies_in_a_bucket_is_fetched_there(client: Client, settings: Any) -> None:
    register()
    in_a_bucket(settings, custom_domain="cdn.example", querystring_auth=False)
    answer = show(client, 640)
    assert answer.status_code == 302
    assert answer["Location"].startswith("https://cdn.example/derived/640/emotions/calm/")
    assert answer["Cache-Control"] == "public, max-age=86400"


@pytest.mark.parametrize(("signed_for", "kept_for"), [(600, 300), (1, 0), (604_800, 86_400)])
def test_it_keeps_a_redirect_to_a_signed_address_private_and_shorter_than_the_signature(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, signed_for: int, kept_for: int
) -> None:
    register()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    in_a_bucket(settings, region_name="eu-west-1", querystring_auth=True, querystring_expire=signed_for)
    answer = show(client, 640)
    assert "Signature=" in answer["Location"]
    assert set(answer["Cache-Control"].split(", ")) == {"private", f"max-age={kept_for}"}
