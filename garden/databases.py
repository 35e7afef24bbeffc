"""Which errors say that the database is away, and how long one statement of a web process may take."""

from typing import Any

from django.conf import settings
from django.db.backends.signals import connection_created
from django.db.utils import InterfaceError, OperationalError

_IDLE_IN_TRANSACTION = "25P03"
"""PostgreSQL ended a transaction that was idle for too long; psycopg takes it for an error of the program."""
_IDLE_SECONDS = 60
"""A process that was frozen in a transaction holds its locks no longer."""


def is_away(error: BaseException | None) -> bool:
    """Whether the same request may succeed later: no connection, no answer in time, no room, a lock that stays."""
    if isinstance(error, (OperationalError, InterfaceError)):
        return True
    return getattr(getattr(error, "__cause__", None), "sqlstate", None) == _IDLE_IN_TRANSACTION


def limit_statements() -> None:
    """Of web processes: a statement, with its wait for a lock, ends with an error after DATABASE_STATEMENT_SECONDS.

    Commands and workers take the time they need.
    """
    if settings.DATABASE_STATEMENT_SECONDS:
        connection_created.connect(_limit, dispatch_uid="statement deadline")


def _limit(*, connection: Any, **signal: Any) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, false),"
                " set_config('idle_in_transaction_session_timeout', %s, false)",
                [f"{settings.DATABASE_STATEMENT_SECONDS}s", f"{_IDLE_SECONDS}s"],
            )
