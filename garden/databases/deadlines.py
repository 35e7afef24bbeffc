"""How long one statement of a web process may take. Commands and workers take the time they need."""

from typing import Any

from django.conf import settings
from django.db.backends.signals import connection_created

IDLE = "60s"
"""A process that was frozen in a transaction holds its locks no longer."""


def limit_statements() -> None:
    """From now on, in this process: a statement that takes longer, or waits longer for a lock, ends with an error."""
    if settings.DATABASE_STATEMENT_SECONDS:
        connection_created.connect(_limit, dispatch_uid="statement deadline")


def _limit(*, connection: Any, **signal: Any) -> None:
    if connection.vendor == "postgresql":
        deadline = f"{settings.DATABASE_STATEMENT_SECONDS}s"
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, false)", [deadline])
            cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, false)", [IDLE])
