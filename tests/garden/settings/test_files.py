"""One line says where pictures lie."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from garden.settings.files import picture_origins, picture_storage


def test_it_keeps_pictures_on_the_disk_unless_told() -> None:
    assert picture_storage()["BACKEND"] == "garden.storage.local.AtomicFileSystemStorage"
    assert picture_origins() == []


def test_it_moves_to_a_bucket_by_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PICTURE_STORAGE", "s3://emotion-garden/site/one")
    entry = picture_storage()
    assert entry["BACKEND"] == "garden.storage.s3.PictureS3Storage"
    assert (entry["OPTIONS"]["bucket_name"], entry["OPTIONS"]["location"]) == ("emotion-garden", "site/one")
    assert "https://emotion-garden.s3.amazonaws.com" in picture_origins()


@pytest.mark.parametrize("junk", ["emotion-garden", "http://bucket", "s3://", "s3:///folder"])
def test_it_refuses_what_names_no_bucket(monkeypatch: pytest.MonkeyPatch, junk: str) -> None:
    monkeypatch.setenv("PICTURE_STORAGE", junk)
    with pytest.raises(ImproperlyConfigured, match="PICTURE_STORAGE"):
        picture_storage()


@pytest.mark.parametrize(
    "wrong",
    [
        {"PICTURE_CDN_URL": "http://pictures.example"},
        {"PICTURE_CDN_URL": "https://p.example", "S3_SIGNED_SECONDS": "9"},
    ],
)
def test_it_refuses_a_cdn_that_could_not_serve(monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str]) -> None:
    monkeypatch.setenv("PICTURE_STORAGE", "s3://emotion-garden")
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match="PICTURE_CDN_URL"):
        picture_storage()


def test_it_refuses_signatures_that_s3_would_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PICTURE_STORAGE", "s3://emotion-garden")
    monkeypatch.setenv("S3_SIGNED_SECONDS", "518401")
    with pytest.raises(ImproperlyConfigured, match="at most 518400"):
        picture_storage()


def test_it_lets_pages_load_pictures_from_where_they_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PICTURE_STORAGE", "s3://emotion-garden")
    monkeypatch.setenv("S3_ENDPOINT_URL", "https://minio.example:9000/x")
    assert picture_origins() == ["https://minio.example:9000"]
    monkeypatch.setenv("PICTURE_CDN_URL", "https://cdn.example/garden")
    assert picture_origins() == ["https://cdn.example"]
