"""`sync_storage` and a bucket that stumbles: what does not come at once comes later, and nothing comes in by half."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from garden.models import Image
from garden.storage.s3 import PictureS3Storage
from tests.faults.misbehaving import Misbehaviour, misbehaving_proxy
from tests.garden.storage.conftest import storage_entry
from tests.garden.storage.test_sync import jpeg, sync
from tools.services.s3 import s3_endpoint

LONG = pytest.mark.long
KEYS = [f"emotions/calm/img_{number}_0h.jpeg" for number in range(12)]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3_endpoint() as address:
        yield address


@pytest.fixture
def options(endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Of a bucket with pictures of different sizes."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    options: dict[str, Any] = storage_entry("bucket", tmp_path, endpoint)["OPTIONS"]
    storage = PictureS3Storage(**options)
    for number, key in enumerate(KEYS):
        storage.save(key, ContentFile(jpeg((32, 20 + number))))
    return options


def through(settings: Any, options: dict[str, Any], proxy: str) -> None:
    entry = {"BACKEND": "garden.storage.s3.PictureS3Storage", "OPTIONS": {**options, "endpoint_url": proxy}}
    settings.STORAGES = {**settings.STORAGES, "default": entry}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("trouble", "every"),
    [("503", 5), ("cut", 4), pytest.param("500", 5, marks=LONG), pytest.param("slow", 2, marks=LONG)],
)
def test_it_gets_through(endpoint: str, settings: Any, options: dict[str, Any], trouble: str, every: int) -> None:
    behaviour = Misbehaviour(trouble, every)
    with misbehaving_proxy(endpoint, behaviour) as proxy:
        through(settings, options, proxy)
        code, report = sync("--apply", "--workers", "2")
    assert behaviour.met
    assert (code, report["problems"]) == (0, [])
    assert {image.key: image.content_hash for image in Image.objects.all()} == {
        key: hashlib.sha256(jpeg((32, 20 + number))).hexdigest() for number, key in enumerate(KEYS)
    }


@pytest.mark.django_db
def test_it_takes_no_half_of_a_file_for_a_whole_one(
    endpoint: str, settings: Any, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PictureS3Storage, "patience", 0.5)
    storage = PictureS3Storage(**options)
    with misbehaving_proxy(endpoint, Misbehaviour("cut", 1)) as proxy, pytest.raises(OSError, match="breaks off"):
        PictureS3Storage(**{**options, "endpoint_url": proxy}).read(KEYS[0])
    assert storage.read(KEYS[0]) == jpeg((32, 20))
    through(settings, options, endpoint)
    assert sync("--apply")[0] == 0
    assert Image.objects.count() == len(KEYS)
