"""What every test under fire may have."""

from tests.faults.databases import database, migrated_postgresql, migrated_sqlite, postgresql_database, sqlite_database

__all__ = ["database", "migrated_postgresql", "migrated_sqlite", "postgresql_database", "sqlite_database"]
