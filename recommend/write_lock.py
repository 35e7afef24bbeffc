"""Writers of one process take turns on SQLite."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.db import connection, transaction

_lock = threading.Lock()


@contextmanager
def writing() -> Iterator[None]:
    """A transaction for a short write."""
    with _process_lock(), transaction.atomic():
        yield


@contextmanager
def writing_once() -> Iterator[None]:
    """For a single statement, atomic by itself; within a transaction, in a savepoint."""
    with _process_lock(), transaction.atomic() if connection.in_atomic_block else nullcontext():
        yield


def _process_lock() -> AbstractContextManager[object]:
    """SQLite lets a waiting writer sleep for up to 25 ms, long after the other one is done; so threads of a
    process wait for each other here, and only processes wait in SQLite.
    """
    return _lock if connection.vendor == "sqlite" and not connection.in_atomic_block else nullcontext()
