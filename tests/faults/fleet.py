"""Celery workers and their clock as real processes, and the things that can happen to them."""

import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

from tests.support.shell import Shell

PATIENCE = 240


class Fleet:
    """Workers on one migrated database and one broker; everything they write lies in one folder."""

    def __init__(
        self,
        folder: Path,
        database: str,
        broker: str,
        workers: int = 3,
        *,
        engine: str = "quick",
        clock: bool = True,
    ) -> None:
        self.folder = folder
        self.engine = engine
        self.database = database
        self.broker = broker
        self.dice = random.Random(7)
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATA_DIR": str(folder),
            "DATABASE_URL": database,
            "CELERY_BROKER_URL": broker,
            "LOG_LEVEL": "WARNING",
            "C_FORCE_ROOT": "1",
            "CELERY_SKIP_CHECKS": "1",  # They are a third of a start, and not what is tried here.
        }
        self._shell = Shell(self._environment)
        self.ask = self._shell.ask
        self._log = (folder / "fleet.log").open("wb")
        self._clocks = [self._start("beat")] if clock else []
        self._workers = [self._start_worker() for _ in range(workers)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for process in [*self._workers, *self._clocks]:
            process.kill()
            process.wait()
        self._shell.close()
        self._log.close()

    def submit(self, slots: int) -> None:
        self.ask(f"from tests.generation.jobs import ask_for; ask_for({slots})")

    def wake(self, times: int) -> None:
        self.ask(f"from generation.queue.leases import wake_worker; wake_worker('quick', times={times})")

    def kill_one(self) -> None:
        """`kill -9` a worker wherever it is, and start another in its place."""
        victim = self.dice.randrange(len(self._workers))
        self._workers[victim].send_signal(signal.SIGKILL)
        self._workers[victim].wait()
        self._workers[victim] = self._start_worker()

    def done(self) -> int:
        """Asked of the database itself: a Django process for every look would take the workers' time."""
        count = "SELECT count(*) FROM generation_slot WHERE state = 'done'"
        if self.database.startswith("sqlite"):
            with closing(sqlite3.connect(self.database.removeprefix("sqlite:///"))) as connection:
                return int(connection.execute(count).fetchone()[0])
        with psycopg.connect(self.database) as server:
            found = server.execute(count).fetchone()
        assert found is not None
        return int(found[0])

    def wait_for(self, slots: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while (done := self.done()) < slots:
            assert time.monotonic() < deadline, f"{done} of {slots} done: {self.log()[-3000:]}"
            time.sleep(0.2)

    def log(self) -> str:
        return (self.folder / "fleet.log").read_text(encoding="utf-8", errors="replace")

    def accounts(self) -> dict[str, Any]:
        """Every slot, image and file, to be compared."""
        found: dict[str, Any] = json.loads(
            self.ask(
                "import json; from generation.models import Slot; from garden.models import Image\n"
                "print(json.dumps({'slots': list(Slot.objects.values_list('key', 'state', 'image__key')),"
                "'images': dict(Image.objects.values_list('key', 'content_hash'))}))"
            )
        )
        return found

    def files(self) -> dict[str, str]:
        """Key → SHA-256 of every stored picture."""
        media = self.folder / "media"
        pictures = [path for path in media.glob("imgPool/**/*") if path.is_file()]
        return {str(path.relative_to(media)): hashlib.sha256(path.read_bytes()).hexdigest() for path in pictures}

    def _start_worker(self) -> "subprocess.Popen[bytes]":
        queues = f"celery,pictures.{self.engine}"
        return self._start("worker", "--pool", "solo", "--queues", queues, "--without-gossip", "--without-mingle")

    def _start(self, *command: str) -> "subprocess.Popen[bytes]":
        celery = [str(Path(sys.executable).parent / "celery"), "--quiet", "-A", "garden.celery", *command]
        number = self.dice.randrange(10**9)
        named = ["-n", f"w{number}@%h"] if command[0] == "worker" else []
        return subprocess.Popen(
            [*celery, "--loglevel", "WARNING", *named], env=self._environment, stdout=self._log, stderr=self._log
        )
