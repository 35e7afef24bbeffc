"""A database and a place for pictures that exist for one drill."""

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from garden.archive.errors import ArchiveError
from garden.archive.places import DiskPlace, Place, bucket_place, site_place

DEFAULT = "default"
FOLDER = "drill"


@contextmanager
def scratch_database() -> Iterator[None]:
    """An empty database of the site's own kind, migrated, in the place of the site's for this thread."""
    original = connections[DEFAULT]
    with _beside(original) as name:
        scratch = original.copy(DEFAULT)
        scratch.settings_dict["NAME"] = name
        connections[DEFAULT] = scratch
        try:
            call_command("migrate", verbosity=0, interactive=False)
            yield
        finally:
            scratch.close()
            connections[DEFAULT] = original


@contextmanager
def scratch_place(workers: int) -> Iterator[Place]:
    """A folder beside the site's pictures: on the same disk, or in the same bucket."""
    site = site_place(workers)
    if isinstance(site, DiskPlace):
        Path(site.folder).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{FOLDER}-", dir=Path(site.folder).parent) as folder:
            yield DiskPlace(folder)
        return
    place = bucket_place(f"{site}/.{FOLDER}-{uuid.uuid4().hex}", workers)
    try:
        yield place
    finally:
        for folder in place.folders():
            for seen in place.walk(folder):
                place.delete(seen.key)


@contextmanager
def _beside(original: BaseDatabaseWrapper) -> Iterator[str]:
    """The name of an empty database."""
    if original.vendor == "sqlite":
        with tempfile.TemporaryDirectory(prefix=f"{FOLDER}-") as folder:
            yield str(Path(folder) / "scratch.sqlite3")
        return
    name = f"{FOLDER}_{uuid.uuid4().hex}"
    _on_server(original, f"CREATE DATABASE {original.ops.quote_name(name)}")
    try:
        yield name
    finally:
        _on_server(original, f"DROP DATABASE {original.ops.quote_name(name)}")


def _on_server(original: BaseDatabaseWrapper, statement: str) -> None:
    try:
        with original._nodb_cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        raise ArchiveError(f"A drill needs a database of its own, which the server refuses: {error}") from error
