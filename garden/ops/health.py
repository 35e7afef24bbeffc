"""Whether this process can serve visitors, and what keeps it from it."""

import logging
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from garden.warming import warm_up

logger = logging.getLogger(__name__)
_seen = {"migrated": False}


def reasons_not_ready() -> list[str]:
    """`draining`, `database`, `migrations` or `warming`; empty when ready.

    A broker, a storage or an analyzer that is away is no reason: every other machine would be without it too.
    """
    if settings.DRAIN_FILE.exists():
        return ["draining"]
    try:
        if not _is_migrated():
            return ["migrations"]
    except DatabaseError as error:
        logger.warning("Not ready: the database cannot be asked (%s).", type(error).__name__)
        return ["database"]
    return ["warming"] if warm_up.keeps_visitors_away() else []


def missing_migrations() -> list[str]:
    """The migrations of this release that the database has not had, as `app.name`. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    if not MigrationRecorder(connection).has_table():
        return [f"{app}.{name}" for app, name in executor.loader.graph.nodes]
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def uncollected(storage: Any) -> str:
    """Which static files are missing, as a sentence; empty where none is or files are served from their sources."""
    if not isinstance(storage, ManifestStaticFilesStorage) or storage.read_manifest() is not None:
        return ""
    return f"The pages' scripts and styles were not collected in {Path(storage.location)}."


def refuse_uncollected() -> None:
    """Before the first request, as every page would be an error. Raises ImproperlyConfigured."""
    if problem := uncollected(staticfiles_storage):
        raise ImproperlyConfigured(f"{problem} Run: manage.py collectstatic --noinput")


def forget_migrated() -> None:
    """For tests, whose database changes under the process."""
    _seen["migrated"] = False


def _is_migrated() -> bool:
    """A migrated database stays migrated: later one small query shows that it is there."""
    if not _seen["migrated"]:
        _seen["migrated"] = not missing_migrations()
        return _seen["migrated"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True
