"""Where pictures lie: this machine's disk, or a bucket that speaks S3."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from garden.settings.env import env_int, env_str

S3_EVENTS_QUEUE_URL = env_str("S3_EVENTS_QUEUE_URL", "")
S3_EVENTS_ENDPOINT_URL = env_str("S3_EVENTS_ENDPOINT_URL", "") or None
S3_EVENTS_REGION = env_str("S3_REGION", "") or None
PICTURE_CACHE_SECONDS = env_int("PICTURE_CACHE_SECONDS", 86_400)
STORAGE_PATIENCE_SECONDS = env_int("STORAGE_PATIENCE_SECONDS", 60)
SYNC_STORAGE_MINUTES = env_int("SYNC_STORAGE_MINUTES", 0)

MOST_SIGNED_SECONDS = 6 * 86_400
"""S3 refuses signatures of more than seven days; an address stays the same for a day of them."""

_LOCAL: dict[str, Any] = {"BACKEND": "garden.storage.local.AtomicFileSystemStorage"}


def picture_storage() -> dict[str, Any]:
    """Django's STORAGES entry for `PICTURE_STORAGE`: empty is the disk, `s3://bucket[/folder]` is S3."""
    place = env_str("PICTURE_STORAGE", "")
    if not place:
        return _LOCAL
    address = urlsplit(place)
    if address.scheme != "s3" or not address.netloc:
        raise ImproperlyConfigured(f"PICTURE_STORAGE must be empty or s3://bucket[/folder], not {place!r}.")
    options = {**bucket_options(address.netloc, address.path.strip("/")), **_addresses()}
    return {"BACKEND": "garden.storage.s3.PictureS3Storage", "OPTIONS": options}


def bucket_options(name: str, folder: str) -> dict[str, Any]:
    """What reaches a bucket. Credentials come by boto3's own chain: environment, files, roles."""
    return {
        "bucket_name": name,
        "location": folder,
        "region_name": env_str("S3_REGION", "") or None,
        "endpoint_url": env_str("S3_ENDPOINT_URL", "") or None,
        "addressing_style": "path" if env_str("S3_ENDPOINT_URL", "") else "auto",
        "default_acl": None,
        "object_parameters": {"CacheControl": f"public, max-age={PICTURE_CACHE_SECONDS}"},
    }


def _addresses() -> dict[str, Any]:
    """Signed URLs where a time is set, else plain ones; those of a CDN where one stands before the bucket."""
    signed_for = env_int("S3_SIGNED_SECONDS", 0)
    if signed_for > MOST_SIGNED_SECONDS:
        raise ImproperlyConfigured(f"S3_SIGNED_SECONDS must be at most {MOST_SIGNED_SECONDS}, not {signed_for}.")
    cdn = env_str("PICTURE_CDN_URL", "").rstrip("/")
    if cdn and (signed_for or urlsplit(cdn).scheme != "https"):
        raise ImproperlyConfigured("PICTURE_CDN_URL must be an https:// address, and goes without S3_SIGNED_SECONDS.")
    return {
        "querystring_auth": bool(signed_for),
        "querystring_expire": signed_for or 3600,
        "custom_domain": cdn.removeprefix("https://") or None,
    }


def picture_origins() -> list[str]:
    """Where pages may load pictures from, besides this site: what PICTURE_STORAGE and its CDN imply."""
    bucket = urlsplit(env_str("PICTURE_STORAGE", "")).netloc
    if not bucket:
        return []
    hosts = [
        f"https://{bucket}.s3.amazonaws.com",
        f"https://{bucket}.s3.{env_str('S3_REGION', 'us-east-1')}.amazonaws.com",
    ]
    front = env_str("PICTURE_CDN_URL", "") or env_str("S3_ENDPOINT_URL", "")
    return [_origin(front)] if front else hosts


def _origin(url: str) -> str:
    address = urlsplit(url)
    return f"{address.scheme}://{address.netloc}"
