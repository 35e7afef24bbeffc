"""All rows as of one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """One transaction that sees no one's later changes, and keeps nobody from making them."""
    if connection.in_atomic_block:  # It is one already.
        yield
        return
    connection.ensure_connection()
    with _waiting_for_nobody(), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


@contextmanager
def _waiting_for_nobody() -> Iterator[None]:
    """The site's transactions on SQLite begin as writers; one that only reads must not."""
    mode = getattr(connection, "transaction_mode", None)
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.transaction_mode = mode  # type: ignore[attr-defined]
