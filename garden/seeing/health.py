"""Whether this process lives, and whether it should be sent visitors."""

import logging

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from garden.warming import warm_up

logger = logging.getLogger(__name__)
_known = {"migrated": False}


def reasons_not_ready() -> list[str]:
    """Why no visitor should be sent here now: `draining`, `database`, `migrations`, `warming`; empty is ready.

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


def _is_migrated() -> bool:
    """A migrated database stays migrated: once seen, one small question tells that it is there."""
    if not _known["migrated"]:
        _known["migrated"] = not missing_migrations()
        return _known["migrated"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def missing_migrations() -> list[str]:
    """The migrations of this release that the database has not had, as `app.name`. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    if not MigrationRecorder(connection).has_table():
        return [f"{app}.{name}" for app, name in executor.loader.graph.nodes]
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def forget_what_was_seen() -> None:
    """For tests, whose database changes under the process."""
    _known["migrated"] = False
