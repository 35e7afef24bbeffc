"""A migration that would stop the release before it is found before it is merged."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django_migration_linter import MigrationLinter, migration_linter
from django_migration_linter.sql_analyser.postgresql import PostgresqlAnalyser

from garden.management.commands import lint_migrations
from garden.ops.version import OURS, expected_migrations, releases
from tools.services.postgresql import postgresql

pytestmark = pytest.mark.django_db
BROKEN = {
    "a required column": 'ALTER TABLE "t" ADD COLUMN "new" integer NOT NULL',
    "a column is gone": 'ALTER TABLE "t" DROP COLUMN "old"',
    "a table is gone": 'DROP TABLE "t"',
    "a column is renamed": 'ALTER TABLE "t" RENAME COLUMN "old" TO "older"',
    "a column becomes unique": 'ALTER TABLE "t" ADD CONSTRAINT "one" UNIQUE ("old")',
}


def pretend(monkeypatch: pytest.MonkeyPatch, *sql: str) -> None:
    """All migrations of garden are new and say this to PostgreSQL."""
    monkeypatch.setattr(migration_linter, "get_sql_analyser_class", lambda *args, **options: PostgresqlAnalyser)
    monkeypatch.setattr(lint_migrations, "releases", lambda: {"0.0.1": dict.fromkeys(set(OURS) - {"garden"}, "9999")})
    monkeypatch.setattr(MigrationLinter, "get_sql", lambda self, app, name: list(sql))


@pytest.mark.parametrize("sql", BROKEN.values(), ids=BROKEN.keys())
def test_it_fails_for_what_old_code_cannot_live_with(monkeypatch: pytest.MonkeyPatch, sql: str) -> None:
    pretend(monkeypatch, sql)
    with pytest.raises(CommandError, match=r"0\.0\.1 cannot run"):
        call_command("lint_migrations")


def test_it_lets_pass_what_old_code_does_not_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, 'CREATE TABLE "t" ("old" integer NOT NULL)', 'ALTER TABLE "t" ADD COLUMN "new" integer NULL')
    call_command("lint_migrations")


def test_all_migrations_since_the_last_release_pass_on_sqlite_and_on_postgresql() -> None:
    with postgresql() as on_postgresql:
        for database in ("sqlite://:memory:", on_postgresql):
            command = [sys.executable, "manage.py", "lint_migrations"]
            environment = {**os.environ, "DATABASE_URL": database}
            subprocess.run(command, env=environment, cwd=Path(__file__).parents[2], check=True)


def test_each_release_names_migrations_that_there_are() -> None:
    for leaves in releases().values():
        assert set(leaves) == set(OURS)
        assert all(name in expected_migrations()[app] for app, name in leaves.items())
