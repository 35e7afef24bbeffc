"""Which errors of S3, SQS and other services of AWS pass by themselves: no connection, no answer, throttling, 5xx."""

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
