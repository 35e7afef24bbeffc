from pathlib import Path

import pytest

from tests.garden.storage.conftest import _credentials, endpoint, site_storage
from tools.services.s3 import REGION, new_bucket

__all__ = ["_credentials", "endpoint", "site_storage"]


@pytest.fixture(params=["folder", "bucket", "tar"])
def target(request: pytest.FixtureRequest, tmp_path: Path, bucket: str) -> str:
    """The address of an empty backup, of each kind."""
    if request.param == "bucket":
        return bucket
    return str(tmp_path / ("backup" if request.param == "folder" else "backup.tar"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty backup in a folder."""
    return tmp_path / "backup"


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    return f"s3://{new_bucket(endpoint)}/site/backups"
