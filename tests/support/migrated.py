"""A migrated SQLite database, made once a run: every process that tests copies it, and puts it back after commits.

On other databases each process migrates its own, and Django's flush empties it.
"""

import fcntl
import pkgutil
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.migrations import RunPython
from django.test.utils import setup_databases

NAME = "migrated.sqlite3"
WRITING = ("generation.migrations", "curation.migrations")
"""Those that write rows of their own: prompt templates, words and plans; gardens."""
PATIENCE = 240
"""Seconds for a request that its browser left behind to end."""


def set_up(migrated: Path) -> list[Any]:
    """The test database, as migrations leave it, and beside it `migrated`: a copy for all processes of the run."""
    if connection.vendor != "sqlite":
        made = list(setup_databases(verbosity=0, interactive=False))
        _without_zones()
        return made
    own = Path(connection.settings_dict["TEST"]["NAME"])
    with in_turn(migrated):
        known = migrated.exists()
        if known:
            shutil.copy(migrated, own)
        made = list(setup_databases(verbosity=0, interactive=False, keepdb=known))
        if not known:
            _without_zones()
            connection.close()
            _publish(own, migrated)
    return made


def end_other_sessions() -> None:
    """PostgreSQL drops no database that a thread of the last test has open."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def _without_zones() -> None:
    """Tests make the zones that they are about; `tests/garden/walls/test_first_zones.py` migrates on its own."""
    from garden.models import Zone

    Zone.objects.all().delete()


def put_back(migrated: Path) -> None:
    """Whatever was committed is gone, and numbers begin again."""
    connection.close()
    overwrite(Path(connection.settings_dict["NAME"]), migrated)


def write_rows() -> None:
    """What migrations put into a new database: a test that really commits leaves an empty one."""
    from django.apps import apps

    for package in WRITING:
        for module in sorted(found.name for found in pkgutil.iter_modules(import_module(package).__path__)):
            for operation in import_module(f"{package}.{module}").Migration.operations:
                if isinstance(operation, RunPython):
                    operation.code(apps, None)  # type: ignore[arg-type]  # Today's models are as good; none of them draws.


def overwrite(database: Path, source: Path) -> None:
    """SQLite's own backup: whoever has the database open sees it change as by any other commit."""
    deadline = time.monotonic() + PATIENCE

    def be_patient(_status: int, _remaining: int, _total: int) -> None:
        assert time.monotonic() < deadline, f"{database} is still in use"

    with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(database)) as here:
        there.backup(here, progress=be_patient, sleep=0.02)


def _publish(own: Path, migrated: Path) -> None:
    """Under its name it is whole: who dies on the way leaves nothing that another takes for it."""
    unfinished = migrated.with_name(f"{migrated.name}.part")
    unfinished.unlink(missing_ok=True)
    overwrite(unfinished, own)
    unfinished.rename(migrated)


@contextmanager
def in_turn(made: Path) -> Iterator[None]:
    """Of all processes one looks whether something is made, and makes it."""
    with made.with_name(f"{made.name}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
