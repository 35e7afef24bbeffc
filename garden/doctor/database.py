"""The database: is it there, is it migrated, how far is it, does its clock agree."""

import sqlite3
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import DatabaseError, connection

from garden.doctor.base import Finding, failed, first_line, question, warning, well
from garden.seeing.health import missing_migrations

ROUND_TRIPS = 15
SLOW_MILLISECONDS = 20.0
"""A garden asks about ten times a request."""
SKEW_SECONDS = 2.0
"""Leases are short and compared by the clocks of several machines."""
OLDEST_POSTGRESQL = 140_000


@question("database")
def ask_database() -> Iterator[Finding]:
    try:
        milliseconds = _round_trip()
    except DatabaseError as error:
        advice = "Check DATABASE_URL, and that the server runs and takes connections from this machine."
        yield failed("database", f"The database cannot be asked: {first_line(error)}", advice)
        return
    words = f"{_version()} answers in {milliseconds:.1f} ms."
    if milliseconds <= SLOW_MILLISECONDS:
        yield well("database", words)
    else:
        yield warning("database", words, "Put the web machines nearer to the database: every page asks several times.")
    yield from _old_version()


@question("migrations")
def ask_migrations() -> Iterator[Finding]:
    missing = missing_migrations()
    if not missing:
        yield well("migrations", "The database is as this release expects it.")
        return
    shown = ", ".join(missing[:3]) + (" …" if len(missing) > 3 else "")
    yield failed("migrations", f"{len(missing)} migrations are missing: {shown}", "manage.py migrate")


@question("clock")
def ask_clock() -> Iterator[Finding]:
    """This machine's clock against the database's, as far as the round trip lets it be known."""
    if connection.vendor != "postgresql":
        yield well("clock", "The database has no clock of its own.")
        return
    before = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    after = datetime.now(UTC)
    skew = (theirs - before - (after - before) / 2).total_seconds()
    if abs(skew) <= SKEW_SECONDS:
        yield well("clock", f"This clock and the database's agree within {abs(skew):.1f} s.")
        return
    side = "behind" if skew > 0 else "ahead of"
    advice = "Let chrony or systemd-timesyncd set the clocks of all machines: leases of pictures depend on them."
    yield failed("clock", f"This clock is {abs(skew):.0f} s {side} the database's.", advice)


def _round_trip() -> float:
    """The middle of several, in milliseconds; the first one may have to connect."""
    took = []
    for _ in range(ROUND_TRIPS):
        started = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        took.append(1000 * (time.perf_counter() - started))
    return statistics.median(took)


def _version() -> str:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            return f"PostgreSQL {cursor.fetchone()[0]}"
    return f"SQLite {sqlite3.sqlite_version}"


def _old_version() -> Iterator[Finding]:
    if connection.vendor == "postgresql" and connection.pg_version < OLDEST_POSTGRESQL:  # type: ignore[attr-defined]
        yield warning("database", "This PostgreSQL is older than 14.", "Django 5.2 asks for 14 or newer.")
