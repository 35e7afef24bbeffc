"""What the URLs of a site's services mean, and which are refused."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from garden.settings.connections import database, mail, picture_origins, picture_storage


def storage_options(url: str) -> dict[str, Any]:
    options: dict[str, Any] = picture_storage(url, 60)["OPTIONS"]
    return options


def test_pictures_are_on_the_disk_unless_a_bucket_is_named() -> None:
    assert picture_storage("", 60)["BACKEND"] == "garden.storage.backends.AtomicFileSystemStorage"
    assert picture_origins("", "", "") == []


def test_one_url_names_the_bucket_and_the_folder() -> None:
    entry = picture_storage("s3://emotion-garden/site/one", 60)
    assert entry["BACKEND"] == "garden.storage.s3.PictureS3Storage"
    assert (entry["OPTIONS"]["bucket_name"], entry["OPTIONS"]["location"]) == ("emotion-garden", "site/one")
    assert entry["OPTIONS"]["object_parameters"] == {"CacheControl": "public, max-age=60"}


def test_urls_are_signed_where_a_time_is_given() -> None:
    assert not storage_options("s3://emotion-garden")["querystring_auth"]
    signed = storage_options("s3://emotion-garden?signed_seconds=3600")
    assert (signed["querystring_auth"], signed["querystring_expire"]) == (True, 3600)


def test_a_bucket_without_its_client_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("garden.settings.connections.find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"pip install -r requirements/aws\.txt"):
        picture_storage("s3://garden", 60)


def test_a_cdn_stands_before_the_bucket() -> None:
    assert storage_options("s3://emotion-garden?cdn_url=https://p.example/")["custom_domain"] == "p.example"


@pytest.mark.parametrize("junk", ["emotion-garden", "http://bucket", "s3://", "s3:///folder"])
def test_what_names_no_bucket_is_refused(junk: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="PICTURE_STORAGE must be empty or s3://"):
        picture_storage(junk, 60)


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ("cdn_url=http://pictures.example", "must be an https:// address"),
        ("cdn_url=https://p.example&signed_seconds=9", "without signed_seconds"),
        ("signed_seconds=518401", "at most 518400"),
        ("signed_seconds=soon", "must be a whole number"),
        ("region=eu-west-1", "knows signed_seconds and cdn_url, not region"),
    ],
)
def test_options_that_could_not_serve_are_refused(query: str, rule: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"PICTURE_STORAGE.*{rule}"):
        picture_storage(f"s3://emotion-garden?{query}", 60)


def test_pages_may_load_pictures_from_where_they_are() -> None:
    url = "s3://emotion-garden"
    assert picture_origins(url, "", "eu-west-1") == [
        "https://emotion-garden.s3.amazonaws.com",
        "https://emotion-garden.s3.eu-west-1.amazonaws.com",
    ]
    assert picture_origins(url, "https://minio.example:9000/x", "") == ["https://minio.example:9000"]
    assert picture_origins(f"{url}?cdn_url=https://cdn.example/g", "https://minio.example", "") == [
        "https://cdn.example"
    ]


def test_a_database_url_carries_its_options() -> None:
    entry = database("postgres://garden:p%40ss@db:5433/garden?sslmode=require&pool_size=8")
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"]) == ("garden", "p@ss", "db", 5433)
    assert entry["OPTIONS"]["sslmode"] == "require"
    assert (entry["CONN_MAX_AGE"], entry["OPTIONS"]["pool"]["max_size"]) == (0, 8)
    assert "pool_size" not in entry["OPTIONS"]


def test_behind_a_pooler_nothing_stays_with_a_connection() -> None:
    entry = database("postgres://garden@db/garden?behind_pooler=1")
    assert entry["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert entry["OPTIONS"]["prepare_threshold"] is None


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("mysql://garden:secret@db/garden", "must be sqlite:///path or postgres://"),
        ("", "must be sqlite:///path or postgres://"),
        ("postgres://garden:secret@db:port/garden", "a number as its port"),
        ("postgres://garden:secret@db/garden?pool_size=many", "pool_size must be a whole number"),
        ("postgres://garden:secret@db/garden?behind_pooler=perhaps", "behind_pooler 1 or 0"),
    ],
)
def test_a_malformed_database_url_is_refused_without_its_password(url: str, rule: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"DATABASE_URL.*{rule}") as refusal:
        database(url)
    assert "secret" not in str(refusal.value)


def test_one_url_names_the_mail_server() -> None:
    assert mail("smtp+tls://ann%40museum.example:pw@mail.example:587") == {
        "EMAIL_HOST": "mail.example",
        "EMAIL_PORT": 587,
        "EMAIL_HOST_USER": "ann@museum.example",
        "EMAIL_HOST_PASSWORD": "pw",
        "EMAIL_USE_TLS": True,
        "EMAIL_USE_SSL": False,
    }
    assert mail("smtp+ssl://mail.example:465")["EMAIL_USE_SSL"] is True
    assert mail("smtp://localhost")["EMAIL_PORT"] == 25


@pytest.mark.parametrize("url", ["mail.example", "smtp://", "https://a:secret@mail.example", "smtp://a:secret@b:c"])
def test_a_malformed_mail_url_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL must be smtp://") as refusal:
        mail(url)
    assert "secret" not in str(refusal.value)
