"""The audit trail in a restore: the backup's lines come first, and none that was written here is taken away.

Every command that changes something has its line before it begins, a restore as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from garden.models import AuditEntry

LABEL = "garden.AuditEntry"
_KEPT = "kept_audit_trail"


@contextmanager
def trail_kept() -> Iterator[None]:
    """Put back what stood in the trail before and is not in it afterwards. Within a transaction."""
    quote = connection.ops.quote_name
    trail = quote(AuditEntry._meta.db_table)
    columns = [quote(str(field.column)) for field in AuditEntry._meta.local_concrete_fields if not field.primary_key]
    told = ", ".join(columns)
    known = " AND ".join(f"known.{name} = kept.{name}" for name in columns if name != quote("detail"))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {_KEPT} AS SELECT * FROM {trail}")  # noqa: S608  # Names of our own.
        yield
        cursor.execute(
            f"INSERT INTO {trail} ({told}) SELECT {told} FROM {_KEPT} AS kept "  # noqa: S608  # Names of our own.
            f"WHERE NOT EXISTS (SELECT 1 FROM {trail} AS known WHERE {known}) ORDER BY kept.id"
        )
        cursor.execute(f"DROP TABLE {_KEPT}")
