"""A whole site on PostgreSQL, Redis and a bucket, each of which can be taken away while visitors are there."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
import requests
from moto.server import ThreadedMotoServer

from tests.faults.databases import another
from tests.support.shell import Shell
from tools.services.ports import free_port, wait_until
from tools.services.postgresql import PostgreSQL
from tools.services.processes import end
from tools.services.redis import Redis
from tools.services.s3 import REGION, new_bucket

PROGRAMS = Path(sys.executable).parent
QUEUES = "celery,walls,alarms,pictures.quick"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
Process = subprocess.Popen[bytes]


class Bucket:
    """What lies in it stays while its server is away."""

    def __init__(self) -> None:
        self._port = free_port()
        self.endpoint = f"http://127.0.0.1:{self._port}"
        self.start()
        with pytest.MonkeyPatch.context() as patch:
            for name, value in CREDENTIALS.items():
                patch.setenv(name, value)
            self.name = new_bucket(self.endpoint)

    def start(self) -> None:
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=self._port, verbose=False)
        self._server.start()

    def stop(self) -> None:
        self._server.stop()


class Site:
    """Web server, worker and clock as processes; `postgresql`, `redis` and `bucket` can be stopped and started."""

    def __init__(self, folder: Path, postgresql: PostgreSQL, redis: Redis, bucket: Bucket) -> None:
        self.folder, self.postgresql, self.redis, self.bucket = folder, postgresql, redis, bucket
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = another(postgresql.url, "site")
        self._processes: list[Process] = []
        self._shell = Shell(self.environment)
        self.ask = self._shell.ask
        self._log = (folder / "site.log").open("wb")
        (folder / "models").symlink_to(Path(__file__).parents[2] / "var" / "models")

    @property
    def environment(self) -> dict[str, str]:
        unlimited = ",".join(f"{what}=1000000/min" for what in ("emotion", "garden", "like", "heartbeat"))
        return {
            **os.environ,
            "THROTTLE_RATES": unlimited,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database,
            "CELERY_BROKER_URL": self.redis.url,
            "PICTURE_STORAGE": f"s3://{self.bucket.name}",
            "AWS_ENDPOINT_URL_S3": self.bucket.endpoint,
            "AWS_DEFAULT_REGION": REGION,
            **CREDENTIALS,
            "RECOMMENDER_HOLDOUT": "0",
            "LOG_LEVEL": "WARNING",
            "C_FORCE_ROOT": "1",
            "CELERY_SKIP_CHECKS": "1",
            "SUPERVISED": "1",
        }

    @property
    def log(self) -> str:
        return (self.folder / "site.log").read_text(encoding="utf-8", errors="replace")

    def open(self) -> None:
        self.web = self.start_web()
        self.worker = self.start_worker()
        self._start(*self._celery(), "beat", "--loglevel", "WARNING")
        wait_until(lambda: self.answers("/healthz/ready"))

    def start_web(self) -> Process:
        granian = [str(PROGRAMS / "granian"), "--interface", "wsgi", "--no-ws", "--port", str(self.port)]
        granian += ["--workers", "1", "--blocking-threads", "8", "--respawn-failed-workers"]
        return self._start(*granian, "garden.wsgi:application")

    def start_worker(self) -> Process:
        options = ["--pool", "solo", "--queues", QUEUES, "--loglevel", "WARNING", "--without-gossip"]
        return self._start(*self._celery(), "worker", *options, "--without-mingle", "-n", f"w{free_port()}@%h")

    def answers(self, path: str = "/healthz") -> bool:
        try:
            return requests.get(f"{self.url}{path}", timeout=2).ok
        except requests.RequestException:
            return False

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database) as connection:
            return list(connection.execute(sql).fetchall())

    def close(self) -> None:
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            end(process)
        self._shell.close()
        self._log.close()

    def _celery(self) -> list[str]:
        return [str(PROGRAMS / "celery"), "--quiet", "-A", "garden.celery"]

    def _start(self, *command: str) -> Process:
        process = subprocess.Popen(command, env=self.environment, stdout=self._log, stderr=self._log)
        self._processes.append(process)
        return process


@pytest.fixture(scope="session")
def site(postgresql_server: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Opened once; each test leaves everything running."""
    with ExitStack() as stack:
        redis = stack.enter_context(Redis())
        stack.enter_context(_copy_of_migrated(postgresql_server, "site"))
        bucket = Bucket()
        stack.callback(bucket.stop)
        opened = Site(tmp_path_factory.mktemp("site"), postgresql_server, redis, bucket)
        stack.callback(opened.close)
        opened.ask("from tests.faults.planting import plant; plant()")
        opened.open()
        yield opened


@contextmanager
def _copy_of_migrated(server: PostgreSQL, name: str) -> Iterator[None]:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE migrated")
    yield
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
