"""Several web processes are counted as one; workers and the clock report that they live."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import requests
from django.core.cache import CacheHandler
from prometheus_client.parser import text_string_to_metric_families

from garden.settings.connections import caches
from tools.services.ports import answers, free_port, wait_until
from tools.services.processes import end

TOKEN = "a-token-that-nobody-guesses"
PROGRAMS = Path(sys.executable).parent


def settings_in(folder: Path, **more: str) -> dict[str, str]:
    own = {
        "DJANGO_SETTINGS_MODULE": "garden.settings.local",
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'garden.sqlite3'}",
        "METRICS_TOKEN": TOKEN,
        "LOG_FORMAT": "json",
    }
    return {**os.environ, **own, **more}


@contextmanager
def running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        yield process
    finally:
        end(process)


@pytest.fixture
def folder(tmp_path: Path, migrated_sqlite: Path) -> Path:
    """With a migrated database."""
    shutil.copy(migrated_sqlite, tmp_path / "garden.sqlite3")
    return tmp_path


def counted(url: str, name: str, **labels: str) -> float:
    page = requests.get(url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60).text
    families = text_string_to_metric_families(page)
    return sum(s.value for f in families for s in f.samples if s.name == name and labels.items() <= s.labels.items())


def test_what_several_processes_counted_is_added_up(folder: Path) -> None:
    """A file that a killed process left empty stops no metric."""
    metrics = folder / "metrics"
    metrics.mkdir()
    (metrics / "counter_7.db").write_bytes(b"")
    environment = settings_in(folder, PROMETHEUS_MULTIPROC_DIR=str(metrics))
    port = free_port()
    server = [str(PROGRAMS / "granian"), "--interface", "wsgi", "--port", str(port), "--workers", "2"]
    server += ["--workers-kill-timeout", "20"]  # One that is stopped while it starts would serve on.
    with running([*server, "garden.wsgi:application"], environment, folder / "log"):
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(f"{url}/healthz/ready"))
        wait_until(lambda: (folder / "log").read_text(encoding="utf-8").count("Started worker-") == 2)
        for _ in range(20):
            requests.get(f"{url}/s/none", timeout=60)
        assert len(processes_that_counted(metrics)) == 2
        assert counted(f"{url}/metrics", "garden_request_seconds_count", route="s/<slug:code>") == 20
        assert requests.get(f"{url}/metrics", timeout=60).status_code == 404


def test_what_dead_processes_counted_stays_in_files_that_do_not_become_more(folder: Path) -> None:
    environment = settings_in(folder, PROMETHEUS_MULTIPROC_DIR=str(folder / "metrics"))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    server = [str(PROGRAMS / "granian"), "--interface", "wsgi", "--port", str(port), "--workers", "1"]
    seen: list[float] = []
    for _ in range(2):
        with running([*server, "garden.wsgi:application"], environment, folder / "log") as process:
            wait_until(lambda: answers(f"{url}/healthz/ready"))
            for _ in range(5):
                requests.get(f"{url}/s/none", timeout=60)
            seen += [counted(f"{url}/metrics", "garden_request_seconds_count", route="s/<slug:code>") for _ in "ab"]
            for worker in psutil.Process(process.pid).children(recursive=True):
                worker.kill()
    assert seen == [5, 5, 10, 10]
    assert processes_that_counted(folder / "metrics") == {"0.db"}


def test_a_child_counts_in_files_of_its_own(tmp_path: Path) -> None:
    """Of a process that forks, as Celery's workers do, no count is lost and none is written by two."""
    program = """
import os, sys
import garden.ops
from prometheus_client import Counter
from garden.ops.multiprocess import ProcessesCollector
counter = Counter("things", "Things.")
counter.inc()
for _ in range(3):
    if os.fork() == 0:
        counter.inc()
        os._exit(0)
    os.wait()
counter.inc()
(metric,) = ProcessesCollector().collect()
print([sample.value for sample in metric.samples if sample.name == "things_total"])
"""
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[5.0]"
    assert {path.name for path in tmp_path.glob("*.db")} == {"counter_0.db", "counter_1.db"}


def test_worker_and_clock_report_that_they_live_and_every_queue_has_a_heartbeat(folder: Path) -> None:
    port = free_port()
    quick = {"DJANGO_SETTINGS_MODULE": "tests.garden.ops.quick_beat", "LOG_LEVEL": "DEBUG"}
    environment = settings_in(folder, WORKER_METRICS_ADDRESS=f"127.0.0.1:{port}", **quick)
    celery = [str(PROGRAMS / "celery"), "--quiet", "-A", "garden.celery"]
    worker = [*celery, "worker", "--queues", "celery,walls,alarms", "--loglevel", "INFO"]
    beat = [*celery, "beat", "--loglevel", "INFO"]
    alive = {name: folder / f"{name}-alive" for name in ("worker", "beat")}
    with (
        running(worker, {**environment, "ALIVE_FILE": str(alive["worker"])}, folder / "worker.log"),
        running(beat, {**environment, "ALIVE_FILE": str(alive["beat"])}, folder / "beat.log"),
    ):
        wait_until(lambda: all(path.exists() for path in alive.values()))
        wait_until(lambda: heard(folder) == {"alarms", "celery", "walls"})
        wait_until(lambda: counted(f"http://127.0.0.1:{port}", "garden_task_seconds_count") > 0)
    lines = (folder / "worker.log").read_text(encoding="utf-8").splitlines()
    assert any('"event":"task_succeeded"' in line and line.startswith("{") for line in lines)


def processes_that_counted(folder: Path) -> set[str]:
    return {path.name.rpartition("_")[2] for path in folder.glob("histogram_*.db")}


def heard(folder: Path) -> set[str]:
    """Read from the cache here: a Django process for every look would take the worker's time."""
    entries = caches("", os.environ.get("CELERY_BROKER_URL", ""), folder / "cache")
    cache = CacheHandler(entries)["default"]
    return {queue for queue in ("alarms", "celery", "walls") if cache.get(f"queue.{queue}.heard")}
