"""Which version of the garden runs, and whether its database is as it expects."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection

OURS = ("garden", "recommend", "generation", "curation")


@cache
def project_version() -> str:
    """As pyproject.toml says it."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        version: str = tomllib.load(file)["project"]["version"]
    return version


@cache
def releases() -> dict[str, dict[str, str]]:
    """By version, oldest first: the newest migration of each app. Migrations are numbered in their order."""
    with (settings.BASE_DIR / "garden" / "releases.toml").open("rb") as file:
        return dict(tomllib.load(file))


def last_release() -> dict[str, str]:
    return list(releases().values())[-1]


@cache
def expected_migrations() -> dict[str, list[str]]:
    """Those that lie beside the code, in their order, by app. No migration is loaded for it."""
    return {app: _names_in(Path(apps.get_app_config(app).path) / "migrations") for app in OURS}


def describe_version() -> dict[str, Any]:
    """`schema`: the newest migration of each app that the database has; `pending`: those it lacks."""
    expected = expected_migrations()
    applied = _applied()
    lacking = [f"{app}.{name}" for app, names in expected.items() for name in names if (app, name) not in applied]
    return {
        "version": project_version(),
        "api": settings.SPECTACULAR_SETTINGS["VERSION"],
        "schema": {app: max((name for of, name in applied if of == app), default="") for app in expected},
        "pending": lacking,
    }


def _applied() -> set[tuple[str, str]]:
    """A database without its first migration has none."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            return {(app, name) for app, name in cursor.fetchall() if app in OURS}
    except DatabaseError:
        if "django_migrations" in connection.introspection.table_names():
            raise
        return set()


def _names_in(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("[0-9]*.py"))
