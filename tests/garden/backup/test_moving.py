"""A backup of SQLite and files restores onto PostgreSQL and S3, and the other way."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.utils import load_backend

from garden.models import Image
from garden.settings.connections import database
from tests.faults.databases import fill_migrated
from tests.garden.backup import site
from tests.support.factories import ImageFactory
from tools.services.postgresql import postgresql
from tools.services.s3 import REGION, new_bucket

pytestmark = pytest.mark.django_db(transaction=True)


def own_rows() -> dict[str, list[bytes]]:
    """Of the project's models. Groups that migrations make are more on the one side; a drill compares accounts."""
    return {model: lines for model, lines in site.rows().items() if not model.startswith("auth.")}


@contextmanager
def moved_to(url: str) -> Iterator[None]:
    """The site's database is another one meanwhile."""
    original = connections["default"]
    settings = {**original.settings_dict, "OPTIONS": {}, **database(url)}
    moved = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, "default")
    connections["default"] = moved
    try:
        yield
    finally:
        moved.close()
        connections["default"] = original


@pytest.fixture
def in_bucket(settings: Any, endpoint: str) -> dict[str, Any]:
    options: dict[str, Any] = {
        "bucket_name": new_bucket(endpoint),
        "region_name": REGION,
        "endpoint_url": endpoint,
        "location": "site",
    }
    options |= {"addressing_style": "path", "querystring_auth": False}
    return {**settings.STORAGES, "default": {"BACKEND": "garden.storage.s3.PictureS3Storage", "OPTIONS": options}}


def test_it_moves_there_and_back(
    settings: Any, in_bucket: dict[str, Any], folder: Path, bucket: str, shared_folder: Path
) -> None:
    site.furnish(site.plant())
    rows, files, on_disk = own_rows(), site.files(), settings.STORAGES
    site.run("backup", str(folder))
    with postgresql() as url, moved_to(url):
        fill_migrated(url, shared_folder)
        settings.STORAGES = in_bucket
        assert site.run("restore", str(folder))[0] == 0
        assert (own_rows(), site.files()) == (rows, files)
        assert site.run("restore", str(folder))[1]["rows_written"] is False
        assert site.run("restore", str(folder), "--drill")[1]["equal"]
        new = ImageFactory(key="emotions/calm/new_h.jpeg")
        assert new.pk > max(Image.objects.exclude(pk=new.pk).values_list("pk", flat=True))
        new.delete()
        assert site.run("backup", bucket)[0] == 0
        assert {seen.split("/")[0] for seen, _mark in site.marks()} == {"display", "emotions", "imgPool"}
    settings.STORAGES = on_disk
    site.wipe()
    assert site.run("restore", bucket)[0] == 0
    assert (own_rows(), site.files()) == (rows, files)
