"""The databases that a site may have, each freshly migrated and its own.

Migrations run once for each kind of database; a test gets a copy.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.services.postgresql import postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_database")
    return url


@pytest.fixture
def sqlite_database(migrated_sqlite: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'garden.sqlite3')}"


@pytest.fixture
def postgresql_database(migrated_postgresql: str) -> Iterator[str]:
    with psycopg.connect(migrated_postgresql, autocommit=True) as server:
        server.execute("CREATE DATABASE garden TEMPLATE migrated")
        yield _another(migrated_postgresql, "garden")
        server.execute("DROP DATABASE garden WITH (FORCE)")


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrated")
    _migrate(f"sqlite:///{folder / 'garden.sqlite3'}", folder)
    return folder / "garden.sqlite3"


@pytest.fixture(scope="session")
def migrated_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server whose database `migrated` is to be copied."""
    with postgresql() as url:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute("CREATE DATABASE migrated")
        _migrate(_another(url, "migrated"), tmp_path_factory.mktemp("migrated"))
        yield url


def _another(server: str, name: str) -> str:
    """The URL of another database of the server."""
    return f"{server.rpartition('/')[0]}/{name}"


def _migrate(database: str, folder: Path) -> None:
    settings = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "DATABASE_URL": database, "DATA_DIR": str(folder)}
    command = [sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"]
    subprocess.run(command, env={**os.environ, **settings}, check=True)
