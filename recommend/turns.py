"""Whose turn it is to write."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import connection, transaction

_turn = threading.Lock()


@contextmanager
def writing() -> Iterator[None]:
    """A transaction for a short write.

    SQLite lets a waiting writer sleep for up to 25 ms between looks, long after the other one is done; the
    threads of a process wait for each other here instead, and only processes meet in the file.
    """
    waits_here = connection.vendor == "sqlite" and not connection.in_atomic_block
    with _turn if waits_here else nullcontext(), transaction.atomic():
        yield
