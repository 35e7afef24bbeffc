"""What a migration may do while the code of the release before it still serves visitors on the same database.

Expand now, contract one release later: docs/how-to/upgrade.md tells how. A migration that breaks a rule on purpose says
why in `gentle_because = {rule: reason}` beside its operations.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

RULES = {
    "added": "new columns are null or have a default in the database",
    "removed": "nothing that the release before reads is removed or renamed",
    "narrowed": "no column becomes narrower, required or of another kind",
    "constrained": "no constraint on a table that the release before writes",
    "indexed": "indexes of tables that are written come with AddIndexGently",
    "mixed": "rows are changed by a migration of their own",
    "one-way": "what changes rows says how it is undone",
}
_REMOVING = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
)
_MOVING_ROWS = (migrations.RunPython, migrations.RunSQL)


@dataclass(frozen=True, slots=True)
class Broken:
    migration: str
    rule: str
    detail: str

    def __str__(self) -> str:
        return f"{self.migration}: {self.detail} ({self.rule}: {RULES[self.rule]})"


def broken_rules(migration: migrations.Migration, before: "migrations.state.ProjectState") -> list[Broken]:
    """`before` is the state of all models before the migration; it is left as it was."""
    excused = getattr(migration, "gentle_because", {})
    found = _Look(migration, before.clone()).found()
    name = f"{migration.app_label}.{migration.name}"
    return [Broken(name, rule, detail) for rule, detail in found if rule not in excused]


class _Look:
    def __init__(self, migration: migrations.Migration, state: "migrations.state.ProjectState") -> None:
        self.migration, self.state, self.app = migration, state, migration.app_label
        self.new: set[str] = set()

    def found(self) -> Iterator[tuple[str, str]]:
        if any(isinstance(each, _MOVING_ROWS) for each in self.migration.operations):
            yield from self._rows()
        for operation in self._operations():
            yield from self._of(operation)
            operation.state_forwards(self.app, self.state)

    def _operations(self) -> Iterator[Operation]:
        for operation in self.migration.operations:
            if isinstance(operation, migrations.SeparateDatabaseAndState):
                yield from operation.database_operations
            else:
                yield operation

    def _rows(self) -> Iterator[tuple[str, str]]:
        others = [each for each in self.migration.operations if not isinstance(each, _MOVING_ROWS)]
        existing = [each for each in others if not isinstance(each, migrations.CreateModel)]
        if existing:
            yield "mixed", f"{type(existing[0]).__name__} beside RunPython or RunSQL"
        for each in self.migration.operations:
            if isinstance(each, _MOVING_ROWS) and not each.reversible:
                yield "one-way", each.describe()

    def _of(self, operation: Operation) -> Iterator[tuple[str, str]]:
        if isinstance(operation, migrations.CreateModel):
            self.new.add(operation.name_lower)
        elif isinstance(operation, _REMOVING):
            yield "removed", operation.describe()
        elif self._table(operation) not in self.new:
            yield from self._of_existing(operation)

    def _table(self, operation: Operation) -> str:
        return str(getattr(operation, "model_name", "")).lower()

    def _of_existing(self, operation: Operation) -> Iterator[tuple[str, str]]:
        if isinstance(operation, migrations.AddField) and not _is_optional(operation.field):
            yield "added", operation.describe()
        elif isinstance(operation, migrations.AlterField):
            old = self.state.models[self.app, self._table(operation)].fields[operation.name]
            if reason := _narrowing(old, operation.field):
                yield "narrowed", f"{operation.describe()}: {reason}"
        elif isinstance(operation, migrations.AddConstraint | migrations.AlterUniqueTogether):
            yield "constrained", operation.describe()
        elif type(operation) is migrations.AddIndex:
            yield "indexed", operation.describe()


def _is_optional(field: "models.Field[object, object]") -> bool:
    """Whether code that does not know the column can still write rows."""
    return field.many_to_many or field.null or field.has_db_default()


def _narrowing(old: "models.Field[object, object]", new: "models.Field[object, object]") -> str:
    if type(old) is not type(new):
        return f"{type(old).__name__} becomes {type(new).__name__}"
    if old.null and not new.null:
        return "becomes required"
    if new.unique and not old.unique:
        return "becomes unique"
    if (new.max_length or 1 << 31) < (old.max_length or 1 << 31):
        return f"{old.max_length} characters become {new.max_length}"
    return ""
