"""Where pictures and backups lie: a storage of pictures, or a tar file; and what is done with all files of one."""

import os
import tarfile
import unicodedata
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages

from garden.errors import GardenError, RefusedError
from garden.settings.connections import picture_storage
from garden.storage.backends import AtomicFileSystemStorage, PictureStorage, StoredFile
from garden.storage.keys import MAX_LENGTH

SHOWN = 100
"""Most entries of a list of problems."""
_LONGEST_NAME = 255
_BLOCK = tarfile.BLOCKSIZE


class DamagedError(GardenError):
    """Something in the backup is not what was written; `extra["damaged"]` lists what."""

    code = "backup_damaged"


class RefusedBackupError(RefusedError):
    """The backup does not fit here, or the site holds what it would overwrite; `extra` says what."""

    code = "backup_refused"


def site_storage() -> PictureStorage:
    """Where this site's pictures lie."""
    return _open_storage(settings.STORAGES["default"])


def storage_at(address: str, *, private: bool = False) -> PictureStorage:
    """A folder, or `s3://bucket[/folder]` with boto3's own region, endpoint and credentials.

    Files of a private one, as of a backup, have the permissions of the umask and no public Cache-Control.
    """
    if "://" not in address:
        folder = AtomicFileSystemStorage(os.path.abspath(address))
        folder.keeps_umask = private
        return folder
    try:
        entry = picture_storage(address, settings.PICTURE_CACHE_SECONDS)
    except ImproperlyConfigured as error:
        raise RefusedBackupError(f"{address!r} is no folder and no s3://bucket/folder.") from error
    return _open_storage({**entry, "OPTIONS": {**entry["OPTIONS"], "object_parameters": {}}} if private else entry)


def _open_storage(entry: dict[str, Any]) -> PictureStorage:
    storage = storages.create_storage(entry)
    if not isinstance(storage, PictureStorage):
        raise RefusedBackupError("The picture storage cannot list its files: use PICTURE_STORAGE.")
    storage.patience = settings.STORAGE_PATIENCE_SECONDS
    return storage


def new_backup(address: str) -> PictureStorage:
    """Where a backup is written: a folder, a bucket, or a file that ends in `.tar`."""
    return Tar(address, {}) if address.endswith(".tar") else storage_at(address, private=True)


def existing_backup(address: str) -> PictureStorage:
    """Where a backup is read. Raises RefusedBackupError when nothing is there."""
    if "://" not in address and not os.path.exists(address):
        raise RefusedBackupError(f"There is nothing at {address}.")
    return Tar(address) if os.path.isfile(address) else storage_at(address, private=True)


class Tar(PictureStorage):
    """A backup in one file. While it is written it is a `.part`; under its own name it is whole."""

    def __init__(self, path: str, index: dict[str, tuple[int, int]] | None = None) -> None:
        """`index` is empty for a new one."""
        self._path = Path(path)
        self._lock = Lock()
        if index is not None:
            self._index = index

    def __str__(self) -> str:
        return str(self._path)

    def walk(self, folder: str) -> Iterator[StoredFile]:
        return (self._stored(key) for key in sorted(self._index) if key.startswith(f"{folder}/"))

    def stat(self, key: str) -> StoredFile | None:
        return self._stored(key) if key in self._index else None

    def _stored(self, key: str) -> StoredFile:
        return StoredFile(key, self._index[key][1], datetime.now(UTC))

    def read(self, key: str) -> bytes:
        if key not in self._index:
            raise FileNotFoundError(key)
        at, size = self._index[key]
        return os.pread(self._file, size, at)

    def write(self, key: str, data: bytes) -> None:
        header = tarfile.TarInfo(key)
        header.size = len(data)
        with self._lock:
            self._index[key] = (self._tar.offset + _BLOCK, len(data))
            self._tar.addfile(header, BytesIO(data))
            self._tar.members = []  # type: ignore[attr-defined]  # Not needed, and it grows by every file.
            self._part.flush()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        if self._index:
            raise RefusedBackupError(f"{self} is one snapshot and cannot be changed.")
        part = self._path.with_name(f"{self._path.name}.part")
        part.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("w+b") as self._part:
                self._file = self._part.fileno()
                with tarfile.open(fileobj=self._part, mode="w", format=tarfile.GNU_FORMAT) as self._tar:
                    yield
                self._part.flush()
                os.fsync(self._file)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        part.replace(self._path)

    @cached_property
    def _file(self) -> int:
        return os.open(self._path, os.O_RDONLY)

    @cached_property
    def _index(self) -> dict[str, tuple[int, int]]:
        """Where each file begins, and its size."""
        found = {}
        try:
            with tarfile.open(self._path, "r:") as tar:
                while entry := tar.next():
                    found[entry.name] = (entry.offset_data, entry.size)
                    tar.members = []  # type: ignore[attr-defined]  # As above.
                end = tar.offset
        except tarfile.TarError as error:
            raise DamagedError(f"{self} is damaged: {error}.") from error
        if os.pread(self._file, _BLOCK, end) != bytes(_BLOCK):
            raise DamagedError(f"{self} is damaged at byte {end:,}, or breaks off there.")
        return found


# All files of a place


def files_of(place: PictureStorage, left_out: Container[str] = ()) -> Iterator[StoredFile]:
    """Files in the order of keys, without those of some folders, and of all whose name begins with a dot."""
    folders: list[str] = []
    with suppress(FileNotFoundError):  # A folder that is not there yet.
        folders, _files = place.listdir("")
    for folder in sorted(f"{name}/" for name in folders if name not in left_out and not name.startswith(".")):
        yield from place.walk(folder.rstrip("/"))


def key_problem(key: str) -> str:
    """Why a key cannot be written on every storage; empty when it can."""
    parts = key.split("/")
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in key):
        return "it holds control characters"
    if len(key.encode()) > MAX_LENGTH or max(len(part.encode()) for part in parts) > _LONGEST_NAME:
        return f"it is longer than {MAX_LENGTH} bytes, or a part of it than {_LONGEST_NAME}"
    if not {"", ".", ".."}.isdisjoint(parts):
        return "it is no plain relative path"
    return ""


def refuse_keys_equal_without_case(place: PictureStorage, keys: Iterable[str]) -> None:
    """Raises RefusedBackupError with the keys that would be one file in a place where case does not count."""
    if not place.ignores_case():
        return
    first: dict[str, str] = {}
    refused = []
    for key in keys:
        other = first.setdefault(unicodedata.normalize("NFC", key.casefold()), key)
        if other != key:
            refused.append({"key": key, "problem": f"one file with {other} on a disk that ignores case"})
    if refused:
        raise RefusedBackupError("This disk takes these keys for others; nothing was written.", refused=refused[:SHOWN])


def left_join(left: Iterable[Any], right: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Each of `left` with that of `right` that has the same key, or None; both are in the order of keys."""
    others = iter(right)
    other = next(others, None)
    for each in left:
        while other is not None and other.key < each.key:
            other = next(others, None)
        yield each, other if other is not None and other.key == each.key else None
