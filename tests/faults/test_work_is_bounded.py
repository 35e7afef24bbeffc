"""A task that hangs or swells, in a real worker: it fails alone, and the worker goes on."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.shell import Shell
from tools.services.ports import PATIENCE, wait_until

CELERY = [str(Path(sys.executable).parent / "celery"), "--quiet", "-A", "garden.celery"]
WORKER = ["worker", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]


class Bounded:
    """A worker of the embedded broker, and what its tasks noted."""

    def __init__(self, folder: Path, database: str) -> None:
        self._folder = folder
        settings = {"DJANGO_SETTINGS_MODULE": "tests.faults.unbounded_settings", "WORKER_MEMORY_MIB": "512"}
        place = {"DATA_DIR": str(folder), "DATABASE_URL": database, "CELERY_BROKER_URL": "filesystem://localhost"}
        self._environment = {**os.environ, **settings, **place, "C_FORCE_ROOT": "1", "LOG_LEVEL": "WARNING"}
        self._shell = Shell(self._environment)
        self.process = self.start()

    def start(self) -> "subprocess.Popen[bytes]":
        with (self._folder / "worker.log").open("wb") as log:
            self.process = subprocess.Popen(
                [*CELERY, *WORKER], env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        return self.process

    def stop(self) -> None:
        self._shell.close()
        self.process.kill()
        self.process.wait()

    def forget(self) -> None:
        (self._folder / "noted").unlink(missing_ok=True)

    def enqueue(self, *tasks: str) -> None:
        calls = "\n".join(
            f"unbounded.{task}.delay(); time.sleep(0.01)" for task in tasks
        )  # Messages are told apart by the millisecond.
        self._shell.ask(f"import time\nfrom tests.faults import unbounded\n{calls}")

    @property
    def noted(self) -> list[str]:
        place = self._folder / "noted"
        return place.read_text(encoding="ascii").split() if place.exists() else []

    @property
    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    @property
    def log(self) -> str:
        return (self._folder / "worker.log").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Bounded]:
    folder = tmp_path_factory.mktemp("bounded")
    bounded = Bounded(folder, f"sqlite:///{shutil.copy(migrated_sqlite, folder / 'garden.sqlite3')}")
    yield bounded
    bounded.stop()


@pytest.fixture
def worker(started: Bounded) -> Bounded:
    """One for all tests: who ends it leaves starting another to the next."""
    started.forget()
    if started.process.poll() is not None:
        started.start()
    return started


def test_tasks_that_hang_or_swell_fail_alone_and_the_worker_goes_on(worker: Bounded) -> None:
    worker.enqueue("wait_for_ever", "hear_nothing", "hold_much", "be_modest")
    wait_until(lambda: "modest" in worker.noted)
    assert worker.noted == ["SoftTimeLimitExceeded", "deaf", "swollen", "modest"], worker.log
    assert "hear_nothing" in worker.log, "it says which task it ended"
    assert worker.process.poll() is None


def test_a_process_that_swelled_is_replaced(worker: Bounded) -> None:
    worker.enqueue("hold_much", "say_who", "say_who")
    wait_until(lambda: len(worker.noted) == 3)
    swollen, first, second = worker.noted
    assert swollen == "swollen"
    assert first.endswith(":0"), "another process"
    assert first == second, "a process is used again"


def test_a_task_goes_on_to_its_end_when_its_worker_s_group_is_asked_to_end(worker: Bounded) -> None:
    worker.enqueue("take_a_while")
    wait_until(lambda: worker.noted == ["begun"])
    os.killpg(worker.process.pid, 15)
    assert worker.process.wait(timeout=PATIENCE) == 0, worker.log
    assert worker.noted == ["begun", "done"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_a_killed_worker_leaves_no_process_behind(worker: Bounded) -> None:
    worker.enqueue("wait_for_ever_and_ever")
    wait_until(lambda: worker.noted == ["begun"])
    children = worker.children
    assert children
    worker.process.kill()
    wait_until(lambda: not any(child.is_running() and child.status() != "zombie" for child in children))
