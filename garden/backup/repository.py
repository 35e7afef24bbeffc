"""Places for files: a folder, a bucket or a tar file. A site's pictures and its backups both lie in one."""

import base64
import ctypes
import fcntl
import hashlib
import os
import tarfile
import tempfile
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import cached_property
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages

from garden.errors import GardenError, RefusedError
from garden.storage.backends import INCOMING, files_below
from garden.storage.outages import is_outage, retrying

if TYPE_CHECKING:
    from garden.storage.s3 import PictureS3Storage

DAY = 86_400.0
_BLOCK = tarfile.BLOCKSIZE
_ABSENT = {"404", "NoSuchKey"}
Result = TypeVar("Result")


class BackupError(GardenError):
    """A backup cannot be written or read; nothing was lost, and the command can be run again."""

    code = "backup"


class DamagedError(BackupError):
    """Something in the backup is not what was written; `extra["damaged"]` lists what."""

    code = "backup_damaged"


class RefusedBackupError(RefusedError):
    """The backup does not fit here, or the site holds what it would overwrite; `extra` says what."""

    code = "backup_refused"


class Stored(NamedTuple):
    """A file as a listing shows it: bytes, seconds since it was written, and a `mark` that changes with the file."""

    key: str
    size: int
    mark: str
    age: float = 0.0


class Place(ABC):
    """Files under keys with slashes, each there whole or not at all. Safe to use from several threads."""

    incremental = True
    """Whether a backup here can grow by what changed."""

    @abstractmethod
    def folders(self) -> list[str]:
        """The first parts of all keys."""

    @abstractmethod
    def walk(self, folder: str) -> Iterator[Stored]:
        """Files whose key begins with `folder/`, in the order of their keys."""

    @abstractmethod
    def read(self, key: str) -> bytes:
        """Raises FileNotFoundError."""

    @abstractmethod
    def write(self, key: str, data: bytes) -> None:
        """Replaces a file of this key."""

    @abstractmethod
    def delete(self, key: str) -> None:
        """A file that is not there is no error."""

    def ignores_case(self) -> bool:
        """Whether keys that differ in case alone are one file here."""
        return False

    def sync(self) -> None:
        """Return when what was written survives a loss of power."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Around all writing of a backup. Keeps others out where the place can; raises BackupError if one is in."""
        return nullcontext()


class Folder(Place):
    """A folder of this machine."""

    def __init__(self, path: "str | os.PathLike[str]") -> None:
        self.path = os.path.abspath(path)

    def __str__(self) -> str:
        return self.path

    def folders(self) -> list[str]:
        with suppress(FileNotFoundError), os.scandir(self.path) as entries:
            return sorted(entry.name for entry in entries if entry.is_dir())
        return []

    def walk(self, folder: str) -> Iterator[Stored]:
        now = time.time()
        for key, facts in files_below(f"{self.path}/{folder}", f"{folder}/"):
            yield Stored(key, facts.st_size, f"{facts.st_mtime_ns:x}-{facts.st_ino:x}", now - facts.st_mtime)

    def read(self, key: str) -> bytes:
        with open(f"{self.path}/{key}", "rb", buffering=0) as file:
            return file.read()

    def write(self, key: str, data: bytes) -> None:
        part, path = f"{self.path}/{INCOMING}/{uuid.uuid4().hex}", f"{self.path}/{key}"
        try:
            with _in_folder_of(part, lambda: open(part, "xb")) as file:
                file.write(data)
            _in_folder_of(path, lambda: os.replace(part, path))
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(part)
            raise

    def delete(self, key: str) -> None:
        path = Path(self.path, key)
        path.unlink(missing_ok=True)
        with suppress(OSError):  # Others still lie beside it.
            path.parent.rmdir()

    def ignores_case(self) -> bool:
        os.makedirs(self.path, exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix=".case-", dir=self.path) as file:
            return os.path.exists(f"{self.path}/{os.path.basename(file.name).swapcase()}")

    def sync(self) -> None:
        """One call for the whole file system: a thousand times cheaper than one for every file."""
        folder = os.open(self.path, os.O_RDONLY)
        try:
            if ctypes.CDLL(None, use_errno=True).syncfs(folder):
                raise OSError(ctypes.get_errno(), f"cannot be flushed: {self.path}")
        finally:
            os.close(folder)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """The lock ends with its process; what a killed process was writing is removed after a day."""
        os.makedirs(self.path, exist_ok=True)
        with open(f"{self.path}/.lock", "wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise BackupError(f"Another backup is being written to {self.path}.") from error
            for part in self.walk(INCOMING):
                if part.age > DAY:
                    self.delete(part.key)
            yield


class Bucket(Place):
    """A bucket, or a folder of one. `public` writes the type and cache headers of the site's pictures."""

    def __init__(self, storage: "PictureS3Storage", *, workers: int, public: bool = False) -> None:
        from botocore.config import Config

        storage.client_config = storage.client_config.merge(Config(max_pool_connections=workers + 2))
        self._storage, self._public = storage, public
        # One client for all threads: making one takes longer than sending a picture.
        self._client: Any = storage.connection.meta.client

    def __str__(self) -> str:
        return f"s3://{self._storage.bucket_name}/{self._storage.folder}".rstrip("/")

    def folders(self) -> list[str]:
        found = [each["Prefix"] for page in self._list("", Delimiter="/") for each in page.get("CommonPrefixes", [])]
        return sorted(each.removeprefix(self._storage.folder).rstrip("/") for each in found)

    def walk(self, folder: str) -> Iterator[Stored]:
        now = time.time()
        for page in self._list(f"{folder}/"):
            for entry in page.get("Contents", []):
                key = entry["Key"].removeprefix(self._storage.folder)
                if not (key.endswith("/") and entry["Size"] == 0):  # The marker of a folder.
                    mark, age = entry["ETag"].strip('"'), now - entry["LastModified"].timestamp()
                    yield Stored(key, entry["Size"], mark, age)

    def read(self, key: str) -> bytes:
        data: bytes = self._retry(lambda: self._request("get_object", key)["Body"].read(), key)
        return data

    def write(self, key: str, data: bytes) -> None:
        self._retry(lambda: self._put(key, data), key)

    def delete(self, key: str) -> None:
        self._retry(lambda: self._request("delete_object", key), key)

    def _put(self, key: str, data: bytes) -> None:
        """The server checks the SHA-256 of what came. One that does not return it is asked for the size it stored."""
        checksum = base64.b64encode(hashlib.sha256(data).digest()).decode()
        headers = self._storage._get_write_parameters(key) if self._public else {}
        answer = self._request("put_object", key, Body=data, ChecksumSHA256=checksum, **headers)
        stored = answer.get("ChecksumSHA256")
        if stored != checksum and (stored or self._request("head_object", key)["ContentLength"] != len(data)):
            raise DamagedError(f"{key} did not arrive whole.")

    def _list(self, prefix: str, **which: str) -> Iterator[dict[str, Any]]:
        """Page by page: boto3's paginator ends at an error, and a listing that is tried again would look complete."""
        which |= {"Bucket": self._storage.bucket_name, "Prefix": self._storage.folder + prefix}
        while True:
            page = self._retry(lambda: self._client.list_objects_v2(**which), str(self))
            yield page
            if not page.get("IsTruncated"):
                return
            which["ContinuationToken"] = page["NextContinuationToken"]

    def _request(self, method: str, key: str, **options: Any) -> Any:
        name = self._storage.folder + key
        return getattr(self._client, method)(Bucket=self._storage.bucket_name, Key=name, **options)

    def _retry(self, action: Callable[[], Any], what: str) -> Any:
        """Beyond boto3's own retries: outages, bodies that break off, and uploads that did not arrive whole."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return retrying(settings.STORAGE_PATIENCE_SECONDS, passes=_passes)(action)
        except (BotoCoreError, ClientError) as error:
            if is_outage(error):
                raise
            if isinstance(error, ClientError) and error.response["Error"]["Code"] in _ABSENT:
                raise FileNotFoundError(f"{self}/{what}") from error
            raise BackupError(f"{self}: {error}") from error


class Tar(Place):
    """A backup in one file. While it is written it is a `.part`; under its own name it is whole."""

    incremental = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()

    def __str__(self) -> str:
        return str(self._path)

    def folders(self) -> list[str]:
        return sorted({name.split("/")[0] for name in self._index})

    def walk(self, folder: str) -> Iterator[Stored]:
        return (Stored(key, self._index[key][1], "") for key in sorted(self._index) if key.startswith(f"{folder}/"))

    def read(self, key: str) -> bytes:
        if key not in self._index:
            raise FileNotFoundError(key)
        at, size = self._index[key]
        return os.pread(self._file, size, at)

    def write(self, key: str, data: bytes) -> None:
        header = tarfile.TarInfo(key)
        header.size = len(data)
        with self._lock:
            self._tar.addfile(header, BytesIO(data))
            self._tar.members = []  # type: ignore[attr-defined]  # Not needed, and it grows by every file.

    def delete(self, key: str) -> None:
        raise RefusedBackupError(f"{self} cannot be changed.")

    def sync(self) -> None:
        self._part.flush()
        os.fsync(self._part.fileno())

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        part = self._path.with_name(f"{self._path.name}.part")
        part.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("wb") as self._part:
                with tarfile.open(fileobj=self._part, mode="w", format=tarfile.GNU_FORMAT) as self._tar:
                    yield
                self.sync()
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


def site_place(workers: int) -> Place:
    """Where this site's pictures lie."""
    storage: Any = storages.create_storage(settings.STORAGES["default"])
    if isinstance(storage, FileSystemStorage):
        return Folder(storage.location)
    if not hasattr(storage, "bucket_name"):
        raise RefusedBackupError("The storage of pictures cannot list its files: use PICTURE_STORAGE.")
    return Bucket(storage, workers=workers, public=True)


def place_at(address: str, workers: int, *, public: bool = False) -> Place:
    """A folder, or `s3://bucket[/folder]` with boto3's own region, endpoint and credentials."""
    parts = urlsplit(address)
    if parts.scheme == "s3" and parts.netloc:
        from garden.settings.connections import bucket_options
        from garden.storage.s3 import PictureS3Storage

        storage = PictureS3Storage(**bucket_options(address, settings.PICTURE_CACHE_SECONDS))
        return Bucket(storage, workers=workers, public=public)
    if "://" in address:
        raise RefusedBackupError(f"{address!r} is no folder and no s3://bucket/folder.")
    return Folder(address)


def backup_place(address: str, workers: int) -> Place:
    """Where a backup is written: a folder, a bucket, or a file that ends in `.tar`."""
    return Tar(Path(address)) if address.endswith(".tar") else place_at(address, workers)


def existing_backup(address: str, workers: int) -> Place:
    """Where a backup is read. Raises RefusedBackupError when nothing is there."""
    if address.startswith("s3://"):
        return place_at(address, workers)
    if not Path(address).exists():
        raise RefusedBackupError(f"There is nothing at {address}.")
    return Tar(Path(address)) if Path(address).is_file() else place_at(address, workers)


def _passes(error: BaseException) -> bool:
    return is_outage(error) or isinstance(error, DamagedError)


def _in_folder_of(path: str, action: Callable[[], Result]) -> Result:
    """The action's result; the folder of the path is made where it is missing."""
    try:
        return action()
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return action()
