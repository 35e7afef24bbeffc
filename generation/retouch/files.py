"""Bytes in and out of the pictures' storage."""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from generation.retouch.errors import FileMissingError


def read_file(key: str) -> bytes:
    """A whole file. Raises FileMissingError."""
    storage: Any = default_storage
    try:
        content: bytes = storage.read(key)
    except FileNotFoundError as error:
        raise FileMissingError(f"There is no file of {key}.", key=key) from error
    return content


def write_file(key: str, content: bytes) -> None:
    """Whatever lay there is replaced in one step."""
    default_storage.save(key, ContentFile(content))
