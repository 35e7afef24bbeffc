from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from tools.services.s3 import REGION, new_bucket, s3_endpoint


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    with s3_endpoint() as address:
        yield address


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")


@pytest.fixture(params=["disk", "bucket"])
def site_storage(request: pytest.FixtureRequest, settings: Any, tmp_path: Path, endpoint: str) -> Any:
    """The site's own storage: empty, on the disk and in a bucket."""
    settings.STORAGES = {**settings.STORAGES, "default": storage_entry(request.param, tmp_path, endpoint)}
    return default_storage


def storage_entry(kind: str, folder: Path, endpoint: str) -> dict[str, Any]:
    if kind == "disk":
        return {
            "BACKEND": "garden.storage.backends.AtomicFileSystemStorage",
            "OPTIONS": {"location": folder / "media", "base_url": "/media/"},
        }
    options: dict[str, Any] = {"bucket_name": new_bucket(endpoint), "region_name": REGION, "endpoint_url": endpoint}
    options |= {"addressing_style": "path", "querystring_auth": False}
    return {"BACKEND": "garden.storage.s3.PictureS3Storage", "OPTIONS": options}
