"""What every test under fire may have."""

from tests.faults.databases import (
    database,
    migrated_postgresql,
    postgresql_database,
    postgresql_server,
    shared_database,
    sqlite_database,
)
from tests.faults.server import server
from tests.faults.site import site

__all__ = [
    "database",
    "migrated_postgresql",
    "postgresql_database",
    "postgresql_server",
    "server",
    "shared_database",
    "site",
    "sqlite_database",
]
