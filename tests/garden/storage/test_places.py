"""Every place for pictures behaves alike: this machine's disk, and a bucket over the real S3 protocol."""

from pathlib import Path
from typing import Any

import pytest
import requests
from django.core.files.base import ContentFile

from garden.storage.local import AtomicFileSystemStorage
from tests.services.s3 import s3_storage


@pytest.fixture(params=["disk", "bucket", "folder of a bucket"])
def place(request: pytest.FixtureRequest, endpoint: str, tmp_path: Path) -> Any:
    if request.param == "disk":
        return AtomicFileSystemStorage(location=tmp_path, base_url="/media/")
    return s3_storage(endpoint, location="site/one" if "folder" in request.param else "")


def put(place: Any, key: str, content: bytes = b"picture") -> None:
    assert place.save(key, ContentFile(content)) == key


def content(place: Any, key: str) -> bytes:
    with place.open(key) as file:
        return bytes(file.read())


def test_it_keeps_keys_byte_for_byte(place: Any) -> None:
    for key in ("emotions/calm/img 1 (2)_0h.jpeg", "imgPool/happy/봄,꽃/img_0v.jpeg", "emotions/sad/a+b&c=d_h.jpeg"):
        put(place, key)
        assert place.exists(key)
        assert [file.key for file in place.walk(key.rpartition("/")[0])] == [key]


def test_it_replaces_what_a_key_held(place: Any) -> None:
    put(place, "emotions/calm/a_h.jpeg", b"old")
    put(place, "emotions/calm/a_h.jpeg", b"new")
    assert content(place, "emotions/calm/a_h.jpeg") == b"new"


def test_it_copies_without_tying_the_two(place: Any) -> None:
    put(place, "imgPool/calm/a_h.jpeg", b"first")
    place.copy("imgPool/calm/a_h.jpeg", "emotions/calm/a_h.jpeg")
    put(place, "imgPool/calm/a_h.jpeg", b"second")
    assert content(place, "emotions/calm/a_h.jpeg") == b"first"


def test_it_says_when_there_is_nothing_to_copy(place: Any) -> None:
    with pytest.raises(FileNotFoundError):
        place.copy("imgPool/calm/none.jpeg", "emotions/calm/none.jpeg")
    assert not place.exists("emotions/calm/none.jpeg")


def test_it_walks_in_the_order_of_keys_from_wherever_it_stopped(place: Any) -> None:
    keys = [f"emotions/calm{rest}" for rest in ("-b_h.jpeg", "/a-1.jpeg", "/a/x.jpeg", "/a0.jpeg", "/b.jpeg")]
    for key in (*keys, "emotionsx/c.jpeg", "imgPool/calm/d.jpeg"):
        put(place, key)
    walked = [file.key for file in place.walk("emotions")]
    assert walked == sorted(keys)
    for stopped_at in walked:
        assert [file.key for file in place.walk("emotions", after=stopped_at)] == walked[walked.index(stopped_at) + 1 :]


def test_it_tells_sizes_and_times(place: Any) -> None:
    put(place, "emotions/calm/a_h.jpeg", b"12345")
    (file,) = place.walk("emotions")
    assert file.size == 5
    assert file.modified.tzinfo is not None


def test_it_tells_of_one_file_what_a_walk_tells(place: Any) -> None:
    put(place, "emotions/calm/a_h.jpeg", b"12345")
    assert [place.stat("emotions/calm/a_h.jpeg")] == list(place.walk("emotions"))
    assert place.stat("emotions/calm/none.jpeg") is None


def test_it_walks_an_empty_place(place: Any) -> None:
    assert list(place.walk("emotions")) == []


def test_it_says_what_stands_before_every_key(place: Any) -> None:
    key = "emotions/calm/봄 1_h.jpeg"
    assert place.url(key).startswith(place.public_base)
    assert place.url(key).endswith("emotions/calm/%EB%B4%84%201_h.jpeg")


def test_it_shows_a_picture_at_the_address_it_gives(endpoint: str) -> None:
    signed = s3_storage(endpoint, querystring_auth=True, querystring_expire=60)
    put(signed, "emotions/calm/a b_h.jpeg", b"picture")
    assert "Signature" in signed.url("emotions/calm/a b_h.jpeg")
    answer = requests.get(signed.url("emotions/calm/a b_h.jpeg"), timeout=5)
    assert (answer.content, answer.headers["Content-Type"]) == (b"picture", "image/jpeg")


def test_it_sends_visitors_to_the_cdn(endpoint: str) -> None:
    place = s3_storage(endpoint, custom_domain="pictures.example.org/site")
    assert place.url("emotions/calm/a_h.jpeg") == "https://pictures.example.org/site/emotions/calm/a_h.jpeg"


def test_it_gives_objects_a_type_and_a_time_to_be_kept(endpoint: str) -> None:
    place = s3_storage(endpoint, object_parameters={"CacheControl": "public, max-age=60"})
    put(place, "emotions/calm/a_h.webp")
    facts = place.connection.meta.client.head_object(Bucket=place.bucket_name, Key="emotions/calm/a_h.webp")
    assert (facts["ContentType"], facts["CacheControl"]) == ("image/webp", "public, max-age=60")
