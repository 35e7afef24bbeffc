"""Runs a command with PostgreSQL and a broker of its own: `python -m tests.services redis -- pytest -n 2`.

`DATABASE_URL` and `CELERY_BROKER_URL` name them; both are empty before and gone afterwards, and
`TEST_DATABASE_TEMPLATE` names a migrated database to copy. The exit code is the command's.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

import psycopg

from tests.services.rabbitmq import rabbitmq
from tests.services.selection import TEMPLATE
from tools.services.postgresql import postgresql
from tools.services.redis import redis

BROKERS: dict[str, Callable[[], AbstractContextManager[str]]] = {"redis": redis, "rabbitmq": rabbitmq}


def main(arguments: list[str]) -> int:
    broker, divider, command = arguments[:1], arguments[1:2], arguments[2:]
    if broker not in ([name] for name in BROKERS) or divider != ["--"] or not command:
        sys.stderr.write(f"usage: python -m tests.services {{{','.join(BROKERS)}}} -- COMMAND…\n")
        return 2
    signal.signal(signal.SIGTERM, _exit)
    with postgresql() as database, BROKERS[broker[0]]() as broker_url:
        environment = {**os.environ, "DATABASE_URL": database, "CELERY_BROKER_URL": broker_url}
        template = _migrated(database, environment)
        return subprocess.run(command, env={**environment, TEMPLATE: template}, check=False).returncode


def _exit(number: int, frame: object) -> None:
    """The servers end with this process, also when it is asked to end."""
    sys.exit(128 + number)


def _migrated(server: str, environment: dict[str, str]) -> str:
    """The name of a database that tests copy: migrations run once for all processes."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE migrated")
    database = {
        "DATABASE_URL": f"{server.rpartition('/')[0]}/migrated",
        "DJANGO_SETTINGS_MODULE": "garden.settings.test",
    }
    command = [sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"]
    subprocess.run(command, env={**environment, **database}, check=True)
    return "migrated"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
