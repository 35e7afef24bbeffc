"""Whether this process can serve visitors: database, migrations, static files, and what it loads beside requests."""

import logging
import threading
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.dispatch import Signal

from garden.signals import server_warms_up

logger = logging.getLogger(__name__)
_seen = {"migrated": False}
PATIENCE = 60.0
"""Seconds. A process that has not loaded everything by then reports ready anyway: any order is better than none."""


class WarmUp:
    """Of one process. Where loading was not begun, as in a command or a test, everything is loaded at its first use."""

    def __init__(self, signal: Signal = server_warms_up, patience: float = PATIENCE) -> None:
        self._signal, self._patience = signal, patience
        self._thread: threading.Thread | None = None
        self._patient_until = 0.0

    def begin(self) -> None:
        self._patient_until = time.monotonic() + self._patience
        self._thread = threading.Thread(target=self._load, name="warm-up", daemon=True)
        self._thread.start()

    def is_under_way(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def keeps_visitors_away(self) -> bool:
        """Whether another process would serve them better."""
        return self.is_under_way() and time.monotonic() < self._patient_until

    def _load(self) -> None:
        try:
            self._signal.send_robust(sender=None)
        finally:
            connections.close_all()


warm_up = WarmUp()


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
        logger.warning("Not ready: the database cannot be queried (%s).", type(error).__name__)
        return ["database"]
    return ["warming"] if warm_up.keeps_visitors_away() else []


def missing_migrations() -> list[str]:
    """The migrations of this release that the database has not had, as `app.name`. Raises DatabaseError."""
    loader = MigrationLoader(connection, load=False)
    loader.load_disk()
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in loader.disk_migrations.keys() - applied.keys())


def uncollected(storage: Any) -> str:
    """Which static files are missing, as a sentence; empty where none is or files are served from their sources."""
    if not isinstance(storage, ManifestStaticFilesStorage) or storage.read_manifest() is not None:
        return ""
    return f"The pages' scripts and styles were not collected in {Path(storage.location)}."


def refuse_uncollected() -> None:
    """Before the first request, as every page would be an error. Raises ImproperlyConfigured."""
    if problem := uncollected(staticfiles_storage):
        raise ImproperlyConfigured(f"{problem} Run: manage.py collectstatic --noinput")


def _is_migrated() -> bool:
    """A migrated database stays migrated: later one small query shows that it is there."""
    if not _seen["migrated"]:
        _seen["migrated"] = not missing_migrations()
        return _seen["migrated"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True
