"""Trying again where a bucket stumbles: errors of the server, throttling, connections that break off."""

import time
from collections.abc import Callable
from typing import TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, IncompleteReadError
from urllib3.exceptions import HTTPError

from garden.archive.errors import ArchiveError, DamagedError

ATTEMPTS = 5
_FIRST_WAIT = 0.2
_MISSING = {"404", "NoSuchKey"}
_PASSING = (HTTPClientError, IncompleteReadError, HTTPError, DamagedError)
Result = TypeVar("Result")


def patient_config(workers: int) -> Config:
    """boto3 tries a request again by itself (500, 503, SlowDown, no answer); a body that breaks off it does not."""
    return Config(
        retries={"mode": "standard", "max_attempts": ATTEMPTS},
        connect_timeout=10,
        read_timeout=30,
        max_pool_connections=workers + 2,
    )


def patiently(action: Callable[[], Result], what: str) -> Result:
    """The action's result. Raises FileNotFoundError, or ArchiveError when the bucket stays unwell."""
    for attempt in range(ATTEMPTS):
        try:
            return action()
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                raise FileNotFoundError(what) from error
            raise ArchiveError(f"{what}: {error}") from error
        except _PASSING as error:
            if attempt == ATTEMPTS - 1:
                raise ArchiveError(f"{what}: {error}") from error
            time.sleep(_FIRST_WAIT * 2**attempt)
        except BotoCoreError as error:
            raise ArchiveError(f"{what}: {error}") from error
    raise AssertionError("unreachable")
