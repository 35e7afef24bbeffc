"""The databases that a site may have, each freshly migrated and its own.

A test runs on one of them, and on the other with `-m long`: killed processes on SQLite, several at once on PostgreSQL.
Migrations run once a run for each kind of database; a test gets a copy.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.migrated import in_turn
from tools.services.postgresql import PostgreSQL, run_program, running_postgresql


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def database(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_database")
    return url


@pytest.fixture(params=["postgresql", pytest.param("sqlite", marks=pytest.mark.long)])
def shared_database(request: pytest.FixtureRequest) -> str:
    """For several processes at once."""
    url: str = request.getfixturevalue(f"{request.param}_database")
    return url


@pytest.fixture
def sqlite_database(migrated_sqlite: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'garden.sqlite3')}"


@pytest.fixture
def postgresql_database(migrated_postgresql: str) -> Iterator[str]:
    with psycopg.connect(migrated_postgresql, autocommit=True) as server:
        server.execute("CREATE DATABASE garden TEMPLATE migrated")
    yield another(migrated_postgresql, "garden")
    with psycopg.connect(migrated_postgresql, autocommit=True) as server:  # A test may have cut the first connection.
        server.execute("DROP DATABASE garden WITH (FORCE)")


@pytest.fixture(scope="session")
def postgresql_server(shared_folder: Path) -> Iterator[PostgreSQL]:
    """With a database `migrated` that is to be copied; who stops it starts it again."""
    with running_postgresql() as server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE migrated")
        fill_migrated(another(server.url, "migrated"), shared_folder)
        yield server


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: PostgreSQL) -> str:
    return postgresql_server.url


def another(server: str, name: str) -> str:
    """The URL of another database of the server."""
    return f"{server.rpartition('/')[0]}/{name}"


def fill_migrated(database: str, shared_folder: Path) -> None:
    """Migrate an empty database of a PostgreSQL server, or read what the first one who did so has written down."""
    dump = shared_folder / "migrated.sql"
    with in_turn(dump):
        if dump.exists():
            run_program("psql", "--quiet", "--dbname", database, "--file", str(dump), "-v", "ON_ERROR_STOP=1")
            return
        _migrate(database)
        unfinished = dump.with_name(f"{dump.name}.part")
        run_program("pg_dump", "--no-owner", "--dbname", database, "--file", str(unfinished))
        unfinished.rename(dump)


def _migrate(database: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "DATABASE_URL": database, "DATA_DIR": folder}
        command = [sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"]
        subprocess.run(command, env={**os.environ, **site}, check=True)
