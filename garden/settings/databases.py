"""Where rows live: SQLite on one machine, PostgreSQL for several. Nothing waits for a database without an end."""

from typing import Any

import dj_database_url

from garden.settings.env import env_bool, env_int, env_secret

DATABASE_STATEMENT_SECONDS = env_int("DATABASE_STATEMENT_SECONDS", 20)
DATABASE_POOL_SIZE = env_int("DATABASE_POOL_SIZE", 0)
DATABASE_BEHIND_POOLER = env_bool("DATABASE_BEHIND_POOLER", False)
DATABASE_REPLICA_URL = env_secret("DATABASE_REPLICA_URL", "")
DATABASE_REPLICA_MAX_LAG_SECONDS = env_int("DATABASE_REPLICA_MAX_LAG_SECONDS", 5, minimum=1)
DATABASE_ROUTERS = ["garden.databases.replica.ReplicaRouter"] if DATABASE_REPLICA_URL else []
_SQLITE_OPTIONS = {
    # Writers queue at BEGIN instead of failing half-way; readers never wait.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=268435456;",
}
_POSTGRESQL_OPTIONS = {
    "connect_timeout": 4,
    # A server whose network is gone says nothing: half a minute later its connections count as broken.
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def database(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a URL, with what SQLite needs to serve several processes, and deadlines."""
    entry: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    if entry["ENGINE"] == "django.db.backends.sqlite3":
        entry["OPTIONS"] = {**entry.get("OPTIONS", {}), **_SQLITE_OPTIONS}
    if entry["ENGINE"] == "django.db.backends.postgresql":
        entry["ENGINE"] = "garden.databases.postgresql"
        entry["OPTIONS"] = {**_POSTGRESQL_OPTIONS, **entry.get("OPTIONS", {})}
        _share_connections(entry)
    return entry


def databases(url: str) -> dict[str, dict[str, Any]]:
    """The primary, and the standby where the site has one; its absence must not close the primary's gate."""
    found = {"default": database(url)}
    if DATABASE_REPLICA_URL:
        found["replica"] = database(DATABASE_REPLICA_URL) | {"TEST": {"MIRROR": "default"}}
        if found["replica"]["ENGINE"] == "garden.databases.postgresql":
            found["replica"]["ENGINE"] = "django.db.backends.postgresql"
    return found


def _share_connections(entry: dict[str, Any]) -> None:
    """A pool in each process, or one outside (PgBouncer), whose connections change hands after each transaction."""
    if DATABASE_POOL_SIZE:
        entry["CONN_MAX_AGE"] = 0
        entry["OPTIONS"]["pool"] = {"min_size": 1, "max_size": DATABASE_POOL_SIZE, "timeout": 10}
    if DATABASE_BEHIND_POOLER:
        entry["DISABLE_SERVER_SIDE_CURSORS"] = True
        entry["OPTIONS"]["prepare_threshold"] = None
