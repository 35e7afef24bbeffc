"""The workers of a host with several GPUs: one process for each, until Ctrl-C."""

import os
import shlex
import subprocess
import sys
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from honcho.manager import Manager

FOLLOW_SECONDS = 5.0
COUNT_GPUS = "import torch; print(torch.cuda.device_count())"


class Command(BaseCommand):
    help = (
        "Start one worker of the diffusers engine for each GPU; the end of one ends all, for a supervisor to restart."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--queue", default="pictures.diffusers", help="the queue that they listen to")
        parser.add_argument("--gpus", default="", help="numbers as in 0,1; default: all that torch sees")

    def handle(self, *args: Any, **options: Any) -> None:
        gpus = options["gpus"].split(",") if options["gpus"] else visible_gpus()
        if not gpus:
            raise CommandError("There is no GPU: torch sees none.")
        manager = Manager()
        for place, gpu in enumerate(gpus):
            manager.add_process(
                f"gpu{gpu}",
                command(options["queue"], gpu),
                cwd=str(settings.BASE_DIR),
                env={**os.environ, **environment(place, gpu)},
            )
        ended = threading.Event()
        if settings.ALIVE_FILE:
            threading.Thread(target=follow_alive_files, args=(alive_files(gpus), ended), daemon=True).start()
        manager.loop()
        ended.set()
        sys.exit(manager.returncode)


def visible_gpus() -> list[str]:
    """Those of CUDA_VISIBLE_DEVICES, else all. Torch is imported by a process that ends: it takes a gigabyte."""
    if "CUDA_VISIBLE_DEVICES" in os.environ:
        return [gpu for gpu in os.environ["CUDA_VISIBLE_DEVICES"].split(",") if gpu]
    counted = subprocess.run([sys.executable, "-c", COUNT_GPUS], capture_output=True, text=True, check=False)  # noqa: S603  # Our own command.
    if counted.returncode:
        raise CommandError("torch is not installed: run `pip install -r requirements/generation.txt`.")
    return [str(gpu) for gpu in range(int(counted.stdout))]


def command(queue: str, gpu: str) -> str:
    program = [sys.executable, "-m", "garden.parent_death", sys.executable, "-m", "celery", "--quiet"]
    worker = ["-A", "garden.celery", "worker", "--pool", "solo", "--hostname", f"gpu{gpu}@%h", "--queues", queue]
    quiet = ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    return f"exec {shlex.join([*program, *worker, *quiet])}"


def environment(place: int, gpu: str) -> dict[str, str]:
    """`device=auto` is the one GPU that the process sees. Files and ports are of each process."""
    given = {"CUDA_VISIBLE_DEVICES": gpu}
    if settings.ALIVE_FILE:
        given["ALIVE_FILE"] = str(alive_files([gpu])[0])
    if settings.WORKER_METRICS_ADDRESS:
        host, port = settings.WORKER_METRICS_ADDRESS
        given["WORKER_METRICS_ADDRESS"] = f"{host}:{port + place}"
    return given


def alive_files(gpus: list[str]) -> list[Path]:
    return [Path(f"{settings.ALIVE_FILE}.gpu{gpu}") for gpu in gpus]


def follow_alive_files(files: list[Path], ended: threading.Event) -> None:
    """Keep ALIVE_FILE as old as the oldest of the workers' files: a health check notices the one that hangs."""
    alive = Path(settings.ALIVE_FILE)
    while not ended.wait(FOLLOW_SECONDS):
        if all(file.exists() for file in files):
            oldest = min(file.stat().st_mtime for file in files)
            alive.touch()
            os.utime(alive, (oldest, oldest))
