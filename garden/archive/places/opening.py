"""The place that an address or the site's settings mean."""

import os
from typing import Any
from urllib.parse import urlsplit

from django.core.files.storage import FileSystemStorage, default_storage

from garden.archive.errors import RefusedArchiveError
from garden.archive.places.base import Place
from garden.archive.places.disk import DiskPlace
from garden.settings.files import bucket_options


def site_place(workers: int) -> Place:
    """Where this site's pictures lie."""
    storage: Any = default_storage
    if isinstance(storage, FileSystemStorage):
        return DiskPlace(storage.location)
    if not hasattr(storage, "bucket_name"):
        raise RefusedArchiveError("The storage of pictures cannot list its files: use PICTURE_STORAGE.")
    from garden.archive.places.bucket import BucketPlace

    return BucketPlace(storage, workers=workers, public=True)


def place_at(address: str, workers: int) -> Place:
    """A storage of pictures by its address: a folder, or `s3://bucket[/folder]`."""
    if address.startswith("s3://"):
        return bucket_place(address, workers, public=True)
    if "://" in address:
        raise RefusedArchiveError(f"{address!r} is no folder and no s3://bucket/folder.")
    return DiskPlace(os.path.abspath(address))


def bucket_place(address: str, workers: int, *, public: bool = False) -> Place:
    """`s3://bucket[/folder]`, with the endpoint and credentials of PICTURE_STORAGE."""
    from garden.archive.places.bucket import BucketPlace
    from garden.storage.s3 import PictureS3Storage

    parts = urlsplit(address)
    if not parts.netloc:
        raise RefusedArchiveError(f"{address!r} names no bucket.")
    storage = PictureS3Storage(**bucket_options(parts.netloc, parts.path.strip("/")))
    return BucketPlace(storage, workers=workers, public=public)
