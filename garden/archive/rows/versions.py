"""Rows fit the tables that they came from: the same migrations."""

from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from garden.archive.errors import RefusedArchiveError
from garden.archive.rows.models import own_models


def applied_migrations() -> dict[str, list[str]]:
    """Names by app, of the project's apps."""
    own = sorted({model._meta.app_label for model in own_models()})
    applied = MigrationRecorder(connection).applied_migrations()
    return {app: sorted(name for label, name in applied if label == app) for app in own}


def refuse_other_version(made_with: dict[str, list[str]]) -> None:
    """Raises RefusedArchiveError that names the apps and migrations."""
    here = applied_migrations()
    differences = [
        f"{app}: the backup is at {_newest(made_with, app)}, this site at {_newest(here, app)}"
        for app in sorted(made_with | here)
        if made_with.get(app, []) != here.get(app, [])
    ]
    if differences:
        raise RefusedArchiveError(
            "The backup was made by another version. Restore it with the version that made it, then migrate "
            f"({'; '.join(differences)}).",
            migrations=differences,
        )


def refuse_unmigrated() -> None:
    """Raises RefusedArchiveError where tables are behind the program."""
    if _written_migrations() <= set(MigrationRecorder(connection).applied_migrations()):
        return  # Found without importing every migration there is.
    loader = MigrationLoader(connection)
    missing = sorted(f"{app}.{name}" for app, name in set(loader.disk_migrations) - set(loader.applied_migrations))
    if missing:
        raise RefusedArchiveError(f"Run migrate first: {', '.join(missing)}.", migrations=missing)


def _written_migrations() -> set[tuple[str, str]]:
    """App and name of every migration there is a file of."""
    found: set[tuple[str, str]] = set()
    for config in apps.get_app_configs():
        package = MigrationLoader.migrations_module(config.label)[0]
        if package and (spec := find_spec(package)):
            modules = iter_modules(spec.submodule_search_locations)
            found |= {(config.label, each.name) for each in modules if each.name[0] not in "_~"}
    return found


def _newest(migrations: dict[str, list[str]], app: str) -> str:
    return (migrations.get(app) or ["nothing"])[-1]
