"""Requests to a bucket, repeated through outages: no connection, no answer, throttling, 5xx, bodies that break off."""

import time
from collections.abc import Callable
from typing import TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from garden.archive.errors import ArchiveError, DamagedError
from garden.storage.outages import is_outage

_FIRST_WAIT = 0.2
_LONGEST_WAIT = 5.0
_MISSING = {"404", "NoSuchKey"}
Result = TypeVar("Result")


def patient_config(workers: int) -> Config:
    """One try a request, of at most 40 s: `patiently` makes the others, also where a body breaks off."""
    return Config(
        retries={"mode": "standard", "total_max_attempts": 1},
        connect_timeout=10,
        read_timeout=30,
        max_pool_connections=workers + 2,
    )


def patiently(action: Callable[[], Result], what: str) -> Result:
    """The action's result, repeated while it meets an outage or a damaged answer.

    The last try begins at most STORAGE_PATIENCE_SECONDS after the first.

    Raises FileNotFoundError, ArchiveError where repeating is of no use, and the outage itself at the end.
    """
    ends, wait = time.monotonic() + settings.STORAGE_PATIENCE_SECONDS, _FIRST_WAIT
    while True:
        try:
            return action()
        except Exception as error:
            if not is_outage(error) and not isinstance(error, DamagedError):
                raise _permanent(error, what) from error
            if time.monotonic() + wait > ends:
                raise
        time.sleep(wait)
        wait = min(2 * wait, _LONGEST_WAIT)


def _permanent(error: Exception, what: str) -> Exception:
    if isinstance(error, ClientError) and error.response["Error"]["Code"] in _MISSING:
        return FileNotFoundError(what)
    return ArchiveError(f"{what}: {error}") if isinstance(error, ClientError | BotoCoreError) else error
