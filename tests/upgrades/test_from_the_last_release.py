"""An upgrade from the last release: its rows, its code at work while tables change, no visitor turned away."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from garden.ops.version import last_release
from tests.faults.databases import another
from tests.support.migrated import overwrite
from tools.services.postgresql import postgresql


class Site:
    """A database and a folder, and what is run there."""

    def __init__(self, url: str, folder: Path) -> None:
        site = {"DATABASE_URL": url, "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
        self.environment = {**os.environ, **site}

    def start(self, *words: str) -> "subprocess.Popen[str]":
        command = [sys.executable, *words]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def run(self, *words: str) -> str:
        return result_of(self.start(*words))

    def go_back(self) -> None:
        """`manage.py migrate APP NAME` for each app of the last release, in one process."""
        back = [f"call_command('migrate', *{app}, verbosity=0, skip_checks=True)" for app in last_release().items()]
        ready = ["import django; django.setup()", "from django.core.management import call_command"]
        self.run("-c", "\n".join([*ready, *back]))

    def old(self, *order: str) -> dict[str, int]:
        return dict(json.loads(self.run("-m", "tests.upgrades.old_garden", *order)))


def result_of(process: "subprocess.Popen[str]") -> str:
    out, problems = process.communicate()
    assert process.returncode == 0, problems[-3_000:]
    return out


@dataclass(frozen=True)
class Filled:
    """A database as the last release left it, filled once for all tests, and how many rows of each model it has."""

    url: str
    rows: dict[str, int]

    def copy_to(self, folder: Path) -> str:
        """The URL of a copy of its own."""
        if self.url.startswith("sqlite"):
            overwrite(folder / "garden.sqlite3", Path(self.url.removeprefix("sqlite:///")))
            return f"sqlite:///{folder}/garden.sqlite3"
        name = f"copy_{uuid.uuid4().hex}"
        with psycopg.connect(another(self.url, "postgres"), autocommit=True) as server:
            server.execute(SQL("CREATE DATABASE {} TEMPLATE filled").format(Identifier(name)))
        return another(self.url, name)


@pytest.fixture(scope="module", params=["postgresql", pytest.param("sqlite", marks=pytest.mark.long)])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    folder = tmp_path_factory.mktemp("filled")
    with ExitStack() as stack:
        url = f"sqlite:///{folder}/garden.sqlite3"
        if request.param == "postgresql":
            server = stack.enter_context(postgresql())
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute("CREATE DATABASE filled")
            url = another(server, "filled")
        yield Filled(url, Site(url, folder).old("fill"))


@pytest.fixture
def site(filled: Filled, tmp_path: Path) -> Site:
    (tmp_path / "models").symlink_to(Path(__file__).parents[2] / "var" / "models")
    return Site(filled.copy_to(tmp_path), tmp_path)


def test_the_last_release_goes_on_while_and_after_its_tables_are_migrated_and_can_come_back(
    site: Site, filled: Filled
) -> None:
    before = filled.rows
    going_on = site.start("-m", "tests.upgrades.old_garden", "go-on")
    assert going_on.stdout is not None
    assert going_on.stdout.readline() == "begun\n"
    site.run("manage.py", "migrate", "-v0", "--skip-checks")
    assert json.loads(result_of(going_on)).keys() == before.keys()
    after = site.old("use")
    assert {name: after[name] >= count for name, count in before.items()} == dict.fromkeys(before, True)
    assert after["garden.Visitor"] > before["garden.Visitor"]
    result = json.loads(site.run("-m", "tests.upgrades.new_garden"))
    assert result == {"pending": [], "garden": 200, "like": 200, "emotion": 200, "kiosk": 200, "record": []}
    site.go_back()
    again = site.old("use")
    assert {name: again[name] >= count for name, count in after.items()} == dict.fromkeys(after, True)
