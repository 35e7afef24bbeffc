"""Whose turn it is to write."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.db import connection, transaction

_turn = threading.Lock()


@contextmanager
def writing() -> Iterator[None]:
    """A transaction for a short write."""
    with _own_turn(), transaction.atomic():
        yield


@contextmanager
def writing_once() -> Iterator[None]:
    """For a single statement, which is all or nothing by itself; within a transaction it fails alone."""
    with _own_turn(), transaction.atomic() if connection.in_atomic_block else nullcontext():
        yield


def _own_turn() -> AbstractContextManager[object]:
    """SQLite lets a waiting writer sleep for up to 25 ms between looks, long after the other one is done; the
    threads of a process wait for each other here instead, and only processes meet in the file.
    """
    return _turn if connection.vendor == "sqlite" and not connection.in_atomic_block else nullcontext()
