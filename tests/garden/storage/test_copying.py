from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from moto import mock_aws

from garden.storage.backends import picture_storage


def content_of(key: str) -> bytes:
    with default_storage.open(key) as file:
        content: bytes = file.read()
    return content


def test_it_copies_and_keeps_the_source() -> None:
    default_storage.save("imgPool/calm/a.jpeg", ContentFile(b"petals"))
    picture_storage().copy("imgPool/calm/a.jpeg", "emotions/calm/봄/a.jpeg")
    assert content_of("emotions/calm/봄/a.jpeg") == content_of("imgPool/calm/a.jpeg") == b"petals"


def test_it_replaces_what_lay_there() -> None:
    default_storage.save("imgPool/calm/a.jpeg", ContentFile(b"new"))
    default_storage.save("emotions/calm/a.jpeg", ContentFile(b"old"))
    picture_storage().copy("imgPool/calm/a.jpeg", "emotions/calm/a.jpeg")
    assert content_of("emotions/calm/a.jpeg") == b"new"


def test_a_missing_source_is_named_and_nothing_is_left_behind() -> None:
    with pytest.raises(FileNotFoundError):
        picture_storage().copy("imgPool/calm/none.jpeg", "emotions/calm/none.jpeg")
    assert not default_storage.exists("emotions/calm/none.jpeg")
    assert not default_storage.exists(".incoming")


def test_a_bucket_copies_on_its_own_side(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="garden")
        options = {"bucket_name": "garden", "location": "pictures", "region_name": "us-east-1"}
        bucket = {"BACKEND": "garden.storage.s3.PictureS3Storage", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "default": bucket}
        default_storage.save("imgPool/calm/a.jpeg", ContentFile(b"petals"))
        monkeypatch.setattr(type(default_storage._wrapped), "open", None)  # type: ignore[attr-defined]
        picture_storage().copy("imgPool/calm/a.jpeg", "emotions/calm/a.jpeg")
        monkeypatch.undo()
        assert content_of("emotions/calm/a.jpeg") == b"petals"
        with pytest.raises(FileNotFoundError):
            picture_storage().copy("imgPool/calm/none.jpeg", "emotions/calm/none.jpeg")
