"""What the URLs of a site's services mean: database, cache, broker, mail server, bucket of pictures."""

import ipaddress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

MOST_SIGNED_SECONDS = 6 * 86_400
"""S3 refuses signatures of more than seven days; an address stays the same for a day of them."""

_SQLITE_OPTIONS = {
    # Writers queue at BEGIN instead of failing half-way; readers never wait.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=268435456;",
}
_POSTGRESQL_OPTIONS = {
    "connect_timeout": 4,
    # A server whose network is gone says nothing: half a minute later its connections count as broken.
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
_REDIS = ("redis://", "rediss://")


def database(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for `sqlite:///path` or `postgres://user:password@host/name?option=value`.

    SQLite is made fit for several processes; PostgreSQL gets timeouts. `pool_size=8` keeps a pool in each process,
    `behind_pooler=1` is for a pooler outside (PgBouncer), whose connections change hands after each transaction.
    """
    if not url.startswith(("sqlite:", "postgres:", "postgresql:")):
        raise ImproperlyConfigured("DATABASE_URL must be sqlite:///path or postgres://user:password@host/name.")
    try:
        entry: dict[str, Any] = Env.db_url_config(url)
    except ValueError:
        raise ImproperlyConfigured("DATABASE_URL must have a number as its port.") from None
    entry |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    options = entry.get("OPTIONS", {})
    if entry["ENGINE"] == "django.db.backends.sqlite3":
        entry["OPTIONS"] = {**options, **_SQLITE_OPTIONS}
        return entry
    pool_size, behind_pooler = options.pop("pool_size", 0), options.pop("behind_pooler", 0)
    if not isinstance(pool_size, int) or behind_pooler not in (0, 1):
        raise ImproperlyConfigured("DATABASE_URL: pool_size must be a whole number, behind_pooler 1 or 0.")
    entry["OPTIONS"] = {**_POSTGRESQL_OPTIONS, **options}
    if pool_size:
        entry["CONN_MAX_AGE"] = 0
        entry["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 5}
    if behind_pooler:
        entry["DISABLE_SERVER_SIDE_CURSORS"] = True
        entry["OPTIONS"]["prepare_threshold"] = None
    return entry


def caches(url: str, broker_url: str, folder: Path) -> dict[str, dict[str, Any]]:
    """`default` is shared by all processes: Redis, or files of one machine. `local` is the memory of one process.

    Redis may be the broker's own: `cache.clear()` would empty the broker as well.
    """
    if url and not url.startswith(_REDIS):
        raise ImproperlyConfigured("CACHE_URL must be redis://… or rediss://…, or empty.")
    local = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}}
    if not url and not broker_url.startswith(_REDIS):
        files = {"BACKEND": "garden.shared_cache.SharedFileCache", "OPTIONS": {"MAX_ENTRIES": 10_000}}
        return {"default": {**files, "LOCATION": folder}, "local": local}
    timeouts = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
    server = {"BACKEND": "garden.shared_cache.SharedRedisCache", "KEY_PREFIX": "garden", "OPTIONS": timeouts}
    return {"default": {**server, "LOCATION": url or broker_url}, "local": local}


def broker_options(url: str, folder: Path) -> dict[str, Any]:
    """Celery's transport options for a broker URL; `folder` is for the broker that needs no server."""
    if url.startswith("filesystem://"):
        messages = str(folder / "messages")
        return {
            "data_folder_in": messages,
            "data_folder_out": messages,
            "control_folder": str(folder / "control"),
            "polling_interval": 0.2,
        }
    if url.startswith(_REDIS):
        # A message of a killed worker comes back after this time; work longer than it must not be sent twice.
        again = {"visibility_timeout": 600, "unacked_restore_interval": 1, "unacked_restore_throttle": 1}
        # A server whose network is gone says nothing: who sends a message must not wait for it.
        return {**again, "socket_connect_timeout": 3, "socket_timeout": 10, "socket_keepalive": True}
    return {"confirm_publish": True} if url.startswith(("amqp://", "amqps://")) else {}


def mail(url: str) -> dict[str, Any]:
    """Django's EMAIL_* settings for `smtp://`, `smtp+tls://` (STARTTLS) or `smtp+ssl://user:password@host:port`."""
    rule = "EMAIL_URL must be smtp://, smtp+tls:// or smtp+ssl://user:password@host:port."
    if not url.startswith(("smtp://", "smtp+tls://", "smtp+ssl://")):
        raise ImproperlyConfigured(rule)
    try:
        found: dict[str, Any] = Env.email_url_config(url)
    except ValueError:
        raise ImproperlyConfigured(rule) from None
    if not found["EMAIL_HOST"]:
        raise ImproperlyConfigured(rule)
    return {
        "EMAIL_HOST": found["EMAIL_HOST"],
        "EMAIL_PORT": found["EMAIL_PORT"] or 25,
        "EMAIL_HOST_USER": found["EMAIL_HOST_USER"] or "",
        "EMAIL_HOST_PASSWORD": found["EMAIL_HOST_PASSWORD"] or "",
        "EMAIL_USE_TLS": found.get("EMAIL_USE_TLS", False),
        "EMAIL_USE_SSL": found.get("EMAIL_USE_SSL", False),
    }


def webhook(url: str) -> str:
    """Alarms name rooms and devices: they leave this machine encrypted, or not at all."""
    if not url or is_receiver(url):
        return url
    raise ImproperlyConfigured(f"ALERT_WEBHOOK_URL must begin with https:// (http:// on this machine), not {url!r}.")


def is_receiver(url: str) -> bool:
    """Whether messages may be posted there: by https, or on this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.hostname or ""
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _here(host)))


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listening_address(name: str, given: str) -> tuple[str, int] | None:
    """`address:port`; None where nothing is given."""
    host, _, port = given.rpartition(":")
    if not given:
        return None
    if not host or not port.isdecimal() or not 1 <= int(port) <= 65_535:
        raise ImproperlyConfigured(f"{name} must be as in 127.0.0.1:9101, not {given!r}.")
    return host.strip("[]"), int(port)


def picture_storage(url: str, cache_seconds: int) -> dict[str, Any]:
    """Django's STORAGES entry: empty is the disk, `s3://bucket[/folder][?signed_seconds=…|cdn_url=…]` is S3.

    `signed_seconds` signs the URLs of a private bucket; `cdn_url` is the https address of a CDN in front of it.
    """
    if not url:
        return {"BACKEND": "garden.storage.backends.AtomicFileSystemStorage"}
    options = bucket_options(url, cache_seconds)
    if find_spec("boto3") is None:
        raise ImproperlyConfigured("PICTURE_STORAGE needs boto3: pip install -r requirements/aws.txt.")
    return {"BACKEND": "garden.storage.s3.PictureS3Storage", "OPTIONS": options}


def bucket_options(url: str, cache_seconds: int) -> dict[str, Any]:
    """What reaches a bucket. Region, endpoint and credentials come by boto3's own chain: environment, files, roles."""
    address = urlsplit(url)
    if address.scheme != "s3" or not address.netloc:
        raise ImproperlyConfigured(f"PICTURE_STORAGE must be empty or s3://bucket[/folder], not {url!r}.")
    given = dict(parse_qsl(address.query, keep_blank_values=True))
    if unknown := sorted(set(given) - {"signed_seconds", "cdn_url"}):
        raise ImproperlyConfigured(f"PICTURE_STORAGE knows signed_seconds and cdn_url, not {', '.join(unknown)}.")
    signed, cdn = given.get("signed_seconds", "0"), given.get("cdn_url", "").rstrip("/")
    if not signed.isdecimal() or int(signed) > MOST_SIGNED_SECONDS:
        raise ImproperlyConfigured(
            f"PICTURE_STORAGE: signed_seconds must be a whole number, at most {MOST_SIGNED_SECONDS}, not {signed!r}."
        )
    if cdn and (int(signed) or urlsplit(cdn).scheme != "https"):
        raise ImproperlyConfigured("PICTURE_STORAGE: cdn_url must be an https:// address, without signed_seconds.")
    return {
        "bucket_name": address.netloc,
        "location": address.path.strip("/"),
        "default_acl": None,
        "object_parameters": {"CacheControl": f"public, max-age={cache_seconds}"},
        "querystring_auth": bool(int(signed)),
        "querystring_expire": int(signed) or 3600,
        "custom_domain": cdn.removeprefix("https://") or None,
    }


def picture_origins(url: str, endpoint: str, region: str) -> list[str]:
    """Where pages may load pictures from, besides this site: what the storage, its endpoint and its CDN imply."""
    address = urlsplit(url)
    if not address.netloc:
        return []
    front = dict(parse_qsl(address.query)).get("cdn_url") or endpoint
    if front:
        parts = urlsplit(front)
        return [f"{parts.scheme}://{parts.netloc}"]
    bucket = f"https://{address.netloc}.s3"
    return [f"{bucket}.amazonaws.com", f"{bucket}.{region or 'us-east-1'}.amazonaws.com"]
