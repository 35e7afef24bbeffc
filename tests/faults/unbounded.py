"""Tasks that nobody should have written, for a worker of the tests alone; where they got to stands in a file."""

import os
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from garden.celery import shared_task

GREED = 4 << 30


def note(word: str) -> None:
    """On the disk before it returns: a worker that is ended writes nothing afterwards."""
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


@shared_task(soft_time_limit=3, time_limit=4)
def hear_nothing() -> None:
    """As code outside of Python that does not return: no exception reaches it, once it is deaf."""
    note("deaf")
    import signal

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    while True:
        time.sleep(600)


@shared_task
def want_too_much() -> None:
    note("greedy")
    held: Any = bytearray(GREED)
    note(f"got {len(held)}")


@shared_task
def be_modest() -> None:
    note("modest")
