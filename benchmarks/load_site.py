"""The site that `benchmarks.load` loads: PostgreSQL, Redis, web server, worker and clock, all on this machine."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.own_server import free_port, migrate, scratch_environment, wait_for
from benchmarks.rehearsal_rows import plant_site
from tools.services.postgresql import running_postgresql
from tools.services.redis import Redis

QUEUES = "celery,walls,alarms,pictures.painter"
KIOSKS = 20
PROGRAMS = Path(sys.executable).parent
UNLIMITED = ",".join(f"{what}=1000000/min" for what in ("emotion", "garden", "like", "heartbeat"))


@dataclass(frozen=True, slots=True)
class Site:
    """Where it answers, the keys of its kiosks, and its processes by name."""

    port: int
    keys: list[str]
    processes: dict[str, psutil.Process]


@contextmanager
def running_site(models: Path, web_processes: int, threads: int) -> Iterator[Site]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="garden-load-"))
        postgresql = stack.enter_context(running_postgresql(fast=False))
        redis = stack.enter_context(Redis())
        (Path(folder) / "models").mkdir()
        (Path(folder) / "models" / "face").symlink_to(models.resolve())
        environment = {
            **scratch_environment(
                folder, DATABASE_URL=postgresql.url, CELERY_BROKER_URL=redis.url, THROTTLE_RATES=UNLIMITED
            ),
            "DJANGO_SETTINGS_MODULE": "benchmarks.load_settings",
            "KIOSK_ACCESS": "keys",
            "PUBLIC_URL": "https://garden.example",
            "LOG_LEVEL": "ERROR",
            "C_FORCE_ROOT": "1",
            "SUPERVISED": "1",
        }
        migrate(environment)
        keys = plant_site(environment, KIOSKS)
        port = free_port()
        started = {
            "web": stack.enter_context(_running(_web(port, web_processes, threads), environment)),
            "worker": stack.enter_context(_running(_celery("worker", "--pool", "solo", "-Q", QUEUES), environment)),
            "clock": stack.enter_context(_running(_celery("beat"), environment)),
        }
        wait_for(port, started["web"])
        processes = {name: psutil.Process(process.pid) for name, process in started.items()}
        processes |= {"postgresql": psutil.Process(postgresql.pid), "redis": psutil.Process(redis.pid)}
        yield Site(port, keys, processes)


def _web(port: int, processes: int, threads: int) -> list[str]:
    server = [str(PROGRAMS / "granian"), "--interface", "wsgi", "--no-ws", "--port", str(port), "--no-log"]
    size = ["--workers", str(processes), "--blocking-threads", str(threads), "--respawn-failed-workers"]
    return [*server, *size, "garden.wsgi:application"]


def _celery(*command: str) -> list[str]:
    return [str(PROGRAMS / "celery"), "--quiet", "-A", "garden.celery", *command, "--loglevel", "ERROR"]


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
