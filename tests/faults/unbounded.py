"""Tasks that nobody should have written, for a worker of the tests alone; where they got to stands in a file."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from garden.celery import shared_task

MUCH = 1 << 30
_held: list[Any] = []


def note(word: str) -> None:
    """On the disk before it returns: a process that is ended writes nothing afterwards."""
    place = Path(settings.DATA_DIR) / "noted"
    descriptor = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{word}\n".encode())
    os.close(descriptor)


@shared_task(soft_time_limit=1, time_limit=600)
def wait_for_ever() -> None:
    try:
        while True:
            time.sleep(600)
    except BaseException as error:
        note(type(error).__name__)
        raise


@shared_task
def wait_for_ever_and_ever() -> None:
    note("begun")
    time.sleep(600)


@shared_task(soft_time_limit=1, time_limit=2)
def hear_nothing() -> None:
    """As code outside of Python that does not return: no exception reaches it, once it is deaf."""
    note("deaf")
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1, signal.SIGTERM})
    while True:
        time.sleep(600)


@shared_task
def hold_much() -> None:
    _held.append(b"x" * MUCH)
    note("swollen")


@shared_task
def say_who() -> None:
    """Without what `hold_much` left behind, if that was another process."""
    note(f"{os.getpid()}:{len(_held)}")


@shared_task
def take_a_while() -> None:
    note("begun")
    time.sleep(3)
    note("done")


@shared_task
def be_modest() -> None:
    note("modest")
