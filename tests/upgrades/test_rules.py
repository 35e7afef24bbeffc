"""A migration that would stop the release before it is found before it is merged."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from garden.upgrading import linting
from garden.upgrading.gently import AddIndexGently
from garden.upgrading.releases import last_release, releases
from garden.upgrading.rules import RULES, broken_rules
from garden.version import OURS, expected_migrations


def text(**options: Any) -> Any:
    return models.CharField(max_length=10, **options)


def before() -> ProjectState:
    state = ProjectState()
    fields = [("id", models.AutoField(primary_key=True)), ("old", text()), ("empty", text(null=True))]
    state.add_model(ModelState("garden", "Thing", fields))
    return state


def migration(*operations: Any, **said: Any) -> migrations.Migration:
    made = migrations.Migration("0099_test", "garden")
    vars(made).update(said, operations=list(operations))
    return made


def add(field: Any) -> Any:
    return migrations.AddField("thing", "new", field)


def alter(name: str, field: Any) -> Any:
    return migrations.AlterField("thing", name, field)


NEW = migrations.CreateModel("Other", [("id", models.AutoField(primary_key=True)), ("name", text())])
UNIQUE = models.UniqueConstraint(fields=["old"], name="one")
BROKEN = {
    "a required column": (["added"], [add(text())]),
    "a column whose default old code does not know": (["added"], [add(text(default="x"))]),
    "a column is gone": (["removed"], [migrations.RemoveField("thing", "old")]),
    "a table is gone": (["removed"], [migrations.DeleteModel("Thing")]),
    "a column is renamed": (["removed"], [migrations.RenameField("thing", "old", "older")]),
    "a table is renamed": (["removed"], [migrations.RenameModel("Thing", "Thong")]),
    "a column becomes required": (["narrowed"], [alter("empty", text())]),
    "a column becomes shorter": (["narrowed"], [alter("old", models.CharField(max_length=5))]),
    "a column becomes unique": (["narrowed"], [alter("old", text(unique=True))]),
    "a column becomes a number": (["narrowed"], [alter("old", models.IntegerField())]),
    "a new constraint": (["constrained"], [migrations.AddConstraint("thing", UNIQUE)]),
    "an index that stops writers": (
        ["indexed"],
        [migrations.AddIndex("thing", models.Index(fields=["old"], name="by_old"))],
    ),
    "rows and tables at once": (["mixed"], [add(text(null=True)), migrations.RunPython(print, print)]),
    "no way back": (["one-way"], [migrations.RunPython(print)]),
}
FINE = {
    "a new table": [NEW],
    "a constraint of a new table": [
        NEW,
        migrations.AddConstraint("other", models.UniqueConstraint(fields=["name"], name="n")),
    ],
    "a column that may be empty": [add(text(null=True))],
    "a column with a default in the database": [add(text(default="x", db_default="x"))],
    "a longer column": [alter("old", models.CharField(max_length=50))],
    "a column that may be empty from now on": [alter("old", text(null=True))],
    "an index that is built beside": [AddIndexGently("thing", models.Index(fields=["old"], name="by_old"))],
    "rows alone": [migrations.RunPython(print, migrations.RunPython.noop)],
}


@pytest.mark.parametrize(("rules", "operations"), BROKEN.values(), ids=BROKEN.keys())
def test_it_finds_what_old_code_cannot_live_with(rules: list[str], operations: list[Any]) -> None:
    assert [broken.rule for broken in broken_rules(migration(*operations), before())] == rules


@pytest.mark.parametrize("operations", FINE.values(), ids=FINE.keys())
def test_it_lets_pass_what_old_code_does_not_notice(operations: list[Any]) -> None:
    assert broken_rules(migration(*operations), before()) == []


def test_a_migration_may_say_why_it_breaks_a_rule() -> None:
    said = migration(migrations.RemoveField("thing", "old"), gentle_because={"removed": "unread since 0.1.0"})
    assert broken_rules(said, before()) == []


def test_all_migrations_since_the_last_release_are_gentle() -> None:
    assert [str(broken) for broken in linting.lint(last_release())] == []
    call_command("lint_migrations")


def test_reasons_are_given_for_rules_that_there_are() -> None:
    for made in linting.migrations_since(last_release()):
        reasons = getattr(made, "gentle_because", {})
        assert set(reasons) <= set(RULES), made
        assert all(len(reason) > 10 for reason in reasons.values())


def test_the_command_fails_for_one_that_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = migration(migrations.DeleteModel("Thing"))
    monkeypatch.setattr(linting, "migrations_since", lambda release: [broken])
    monkeypatch.setattr(MigrationLoader, "project_state", lambda self, nodes, at_end: before())
    with pytest.raises(CommandError, match="Delete model Thing"):
        call_command("lint_migrations")


def test_each_release_names_migrations_that_there_are() -> None:
    for leaves in releases().values():
        assert set(leaves) == set(OURS)
        assert all(name in expected_migrations()[app] for app, name in leaves.items())
