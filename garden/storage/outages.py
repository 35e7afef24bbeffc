"""Errors of S3, SQS and other services: which pass by themselves (no connection, no answer, throttling, 5xx)."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from garden.errors import GardenError, UnavailableError

if TYPE_CHECKING:
    from tenacity import RetryCallState, Retrying

logger = logging.getLogger(__name__)
_LONGEST_WAIT = 30.0
_THROTTLED = {"SlowDown", "Throttling", "ThrottlingException", "RequestTimeout", "RequestThrottled"}


def is_outage(error: BaseException) -> bool:
    """Whether the same request may succeed later, unchanged."""
    if isinstance(error, ConnectionError | TimeoutError):
        return not isinstance(error, BrokenPipeError)
    try:
        from botocore import exceptions
        from urllib3.exceptions import HTTPError
    except ImportError:
        return False
    passing = (exceptions.ConnectionError, exceptions.HTTPClientError, exceptions.IncompleteReadError, HTTPError)
    if isinstance(error, passing):
        return True
    if not isinstance(error, exceptions.ClientError):
        return False
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500 or status == 429 or error.response.get("Error", {}).get("Code") in _THROTTLED


def retrying(
    seconds: float,
    *,
    first_wait: float = 0.1,
    passes: Callable[[BaseException], bool] = is_outage,
) -> "Retrying":
    """Calls a function until it meets no outage: `retrying(10.0)(function, *arguments)`.

    Each wait is twice the one before it. The last try begins at most `seconds` after the first; then its error is
    raised. An error that `passes` denies is raised at once.
    """
    from tenacity import Retrying, retry_if_exception, stop_before_delay, wait_exponential

    return Retrying(
        retry=retry_if_exception(passes),
        stop=stop_before_delay(seconds),
        wait=wait_exponential(multiplier=first_wait, max=_LONGEST_WAIT),
        before_sleep=_log_wait,
        reraise=True,
    )


def _log_wait(state: "RetryCallState") -> None:
    if state.next_action and state.outcome:
        logger.warning("Waiting %.1f s: %s", state.next_action.sleep, state.outcome.exception())


def describe_failure(error: BaseException) -> str:
    """One sentence about an outage, a refused request or a misconfigured service; empty for any other error."""
    if is_outage(error) or isinstance(error, UnavailableError):
        what = _endpoint(error) or "a service or storage"
        return f"{what} cannot be reached: {_reason(error)}. Nothing is lost; run it again to continue."
    return f"{_reason(error)}." if isinstance(error, GardenError) or _is_of_aws(error) else ""


def _endpoint(error: BaseException) -> str:
    """Scheme and host, where the error names them."""
    address = urlsplit(str(getattr(error, "kwargs", {}).get("endpoint_url", "")))
    return f"{address.scheme}://{address.netloc}" if address.netloc else ""


def _reason(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__


def _is_of_aws(error: BaseException) -> bool:
    try:
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        return False
    return isinstance(error, BotoCoreError | ClientError)
