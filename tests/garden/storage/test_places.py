"""Every place for pictures behaves alike: this machine's disk, and a bucket over the real S3 protocol."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
import time_machine
from django.core.files.base import ContentFile

from garden.storage.backends import AtomicFileSystemStorage
from garden.storage.s3 import signing_window
from tools.services.s3 import s3_storage


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


def test_it_walks_in_the_order_of_keys(place: Any) -> None:
    keys = [f"emotions/calm{rest}" for rest in ("-b_h.jpeg", "/a-1.jpeg", "/a/x.jpeg", "/a0.jpeg", "/b.jpeg")]
    for key in (*keys, "emotionsx/c.jpeg", "imgPool/calm/d.jpeg"):
        put(place, key)
    assert [file.key for file in place.walk("emotions")] == sorted(keys)


def test_it_reports_sizes_and_times(place: Any) -> None:
    put(place, "emotions/calm/a_h.jpeg", b"12345")
    (file,) = place.walk("emotions")
    assert file.size == 5
    assert file.modified.tzinfo is not None


def test_it_reports_of_one_file_what_a_walk_reports(place: Any) -> None:
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


KEYS_TO_SIGN = ["emotions/calm/a b_h.jpeg", "emotions/happy/봄,꽃/(1)+100%!'*~_v.jpeg"]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize("location", ["", "site/one"])
@pytest.mark.parametrize("key", KEYS_TO_SIGN)
def test_it_signs_as_boto3_does_by_version_4(endpoint: str, location: str, key: str) -> None:
    place = s3_storage(
        endpoint, querystring_auth=True, querystring_expire=600, region_name="eu-west-1", location=location
    )
    with time_machine.travel(NOON, tick=False):
        of_boto3 = place.connection.meta.client.generate_presigned_url(
            "get_object", Params={"Bucket": place.bucket_name, "Key": f"{location}/{key}".strip("/")}, ExpiresIn=1200
        )
        assert place.url(key) == of_boto3
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in of_boto3
    assert "eu-west-1" in of_boto3


def test_a_signed_address_stays_the_same_and_is_valid_as_long_as_promised(endpoint: str) -> None:
    place = s3_storage(endpoint, querystring_auth=True, querystring_expire=600)
    put(place, KEYS_TO_SIGN[0], b"picture")
    addresses = {}
    for seconds in (0, 1, 599, 600):
        with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
            addresses[seconds] = place.url(KEYS_TO_SIGN[0])
    assert addresses[0] == addresses[1] == addresses[599] != addresses[600]
    facts = dict(parse_qsl(urlsplit(addresses[599]).query))
    end = datetime.strptime(facts["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    end += timedelta(seconds=int(facts["X-Amz-Expires"]))
    assert end >= NOON + timedelta(seconds=599 + 600)
    assert requests.get(place.url(KEYS_TO_SIGN[0]), timeout=5).content == b"picture"


@pytest.mark.parametrize("valid", [1, 3600, 302_400, 518_400])
def test_no_signature_is_valid_for_longer_than_s3_allows(valid: int) -> None:
    assert 1 <= signing_window(valid) <= valid
    assert valid + signing_window(valid) <= 7 * 86_400


def test_it_passes_over_the_markers_of_folders(endpoint: str) -> None:
    place = s3_storage(endpoint, location="site/one")
    put(place, "emotions/calm/a_h.jpeg", b"picture")
    for key in ("emotions/", "emotions/calm/"):
        place.connection.meta.client.put_object(Bucket=place.bucket_name, Key=f"site/one/{key}", Body=b"")
        assert place.stat(key) is None
    assert [file.key for file in place.walk("emotions")] == ["emotions/calm/a_h.jpeg"]


def test_it_sets_the_headers_of_objects_that_others_wrote_and_keeps_the_rest(endpoint: str) -> None:
    place = s3_storage(endpoint, object_parameters={"CacheControl": "public, max-age=60"}, location="site")
    client, key = place.connection.meta.client, "emotions/calm/봄 1_h.webp"
    wanted = {"Metadata": {"artist": "kim"}, "ContentDisposition": "inline", "StorageClass": "STANDARD_IA"}
    client.put_object(Bucket=place.bucket_name, Key=f"site/{key}", Body=b"picture", **wanted)
    assert not place.has_headers(key)
    place.set_headers(key)
    assert place.has_headers(key)
    facts = client.head_object(Bucket=place.bucket_name, Key=f"site/{key}")
    assert (facts["ContentType"], facts["CacheControl"]) == ("image/webp", "public, max-age=60")
    assert {name: facts[name] for name in wanted} == wanted
    assert content(place, key) == b"picture"


def test_it_sends_visitors_to_the_cdn(endpoint: str) -> None:
    place = s3_storage(endpoint, custom_domain="pictures.example.org/site")
    assert place.url("emotions/calm/a_h.jpeg") == "https://pictures.example.org/site/emotions/calm/a_h.jpeg"


def test_it_gives_objects_a_type_and_a_time_to_be_kept(endpoint: str) -> None:
    place = s3_storage(endpoint, object_parameters={"CacheControl": "public, max-age=60"})
    put(place, "emotions/calm/a_h.webp")
    facts = place.connection.meta.client.head_object(Bucket=place.bucket_name, Key="emotions/calm/a_h.webp")
    assert (facts["ContentType"], facts["CacheControl"]) == ("image/webp", "public, max-age=60")
