"""A task that hangs or swells, in a real worker: it fails alone, or its worker ends and says where it was."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.ports import PATIENCE

CELERY = [str(Path(sys.executable).parent / "celery"), "--quiet", "-A", "garden.celery"]
WORKER = ["worker", "--pool", "solo", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]


class Bounded:
    """A worker of the embedded broker, and what its tasks noted."""

    def __init__(self, folder: Path, database: str) -> None:
        self._folder = folder
        settings = {"DJANGO_SETTINGS_MODULE": "tests.faults.unbounded_settings", "WORKER_MEMORY_MIB": "2048"}
        place = {"DATA_DIR": str(folder), "DATABASE_URL": database, "CELERY_BROKER_URL": "filesystem://localhost"}
        self._environment = {**os.environ, **settings, **place, "C_FORCE_ROOT": "1", "LOG_LEVEL": "WARNING"}
        with (folder / "worker.log").open("wb") as log:
            self.process = subprocess.Popen([*CELERY, *WORKER], env=self._environment, stdout=log, stderr=log)

    def ring(self, *tasks: str) -> None:
        calls = "\n".join(
            f"unbounded.{task}.delay(); time.sleep(0.01)" for task in tasks
        )  # Messages are told apart by the millisecond.
        code = f"import django, time; django.setup()\nfrom tests.faults import unbounded\n{calls}"
        subprocess.run([sys.executable, "-c", code], env=self._environment, check=True)

    @property
    def noted(self) -> list[str]:
        place = self._folder / "noted"
        return place.read_text(encoding="ascii").split() if place.exists() else []

    @property
    def log(self) -> str:
        return (self._folder / "worker.log").read_text(encoding="utf-8")


@pytest.fixture
def worker(tmp_path: Path, sqlite_database: str) -> Iterator[Bounded]:
    bounded = Bounded(tmp_path, sqlite_database)
    yield bounded
    bounded.process.kill()
    bounded.process.wait()


def test_tasks_that_hang_or_swell_fail_alone_and_one_that_hears_nothing_ends_its_worker(worker: Bounded) -> None:
    worker.ring("wait_for_ever", "want_too_much", "be_modest", "hear_nothing")
    assert worker.process.wait(timeout=PATIENCE) == 1, worker.log
    assert worker.noted == ["SoftTimeLimitExceeded", "greedy", "modest", "deaf"]
    assert "MemorySpentError" in worker.log
    assert "in hear_nothing" in worker.log, "it says where it was"
