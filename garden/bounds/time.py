"""A time limit for what the main thread does."""

import faulthandler
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded


@contextmanager
def within(*, soft: float | None, hard: float | None) -> Iterator[None]:
    """After `soft` seconds `SoftTimeLimitExceeded` is raised in the midst of it. After `hard` seconds the process ends
    and says on stderr where it was: what hangs outside of Python hears no exception.

    Nothing is bounded outside of the main thread, which alone is sent signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _break_off)
    try:
        if hard:
            faulthandler.dump_traceback_later(hard, exit=True)
        signal.setitimer(signal.ITIMER_REAL, soft or 0)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGALRM, before)


def _break_off(*signalled: Any) -> None:
    raise SoftTimeLimitExceeded("It took too long.")
