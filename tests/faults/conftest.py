"""What every test under fire may have."""

from tests.faults.databases import (
    database,
    migrated_postgresql,
    postgresql_database,
    postgresql_server,
    sqlite_database,
)
from tests.faults.site import site

__all__ = [
    "database",
    "migrated_postgresql",
    "postgresql_database",
    "postgresql_server",
    "site",
    "sqlite_database",
]
