"""Calls of Amazon Personalize, and what their failures mean."""

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from garden.errors import MisconfiguredError, RefusedError
from recommend.backends.base import RecommenderUnavailableError

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

VISITORS_SERVICE = "personalize-runtime"
_CONNECTING = 0.3
"""Share of the deadline."""
INVALID = {"InvalidInputException", "ValidationException", "SerializationException"}
THROTTLED = {"ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"}
BUSY = {"ResourceInUseException", "LimitExceededException"}


class RecordRefusedError(RefusedError):
    """The service will never take this request as it is; its words are the detail."""

    code = "record_refused"


@dataclass
class PersonalizeClient:
    """The three services of Personalize through boto3. One per recommender, for all threads.

    A visitor waits for VISITORS_SERVICE: one try, for which connecting and reading have `deadline` seconds together.
    The other services are called by workers: boto3 makes up to `attempts` tries.
    """

    region: str = ""
    endpoint_url: str = ""
    connect_timeout: float = 1.0
    read_timeout: float = 2.0
    attempts: int = 3
    deadline: float = 1.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _clients: dict[str, Any] = field(default_factory=dict, repr=False)

    def call(self, service: str, operation: str, **asked: Any) -> dict[str, Any]:
        """The service's answer to an operation (`put_events`).

        Raises RecommenderUnavailableError after the last try, RecordRefusedError, or MisconfiguredError (no such
        resource, no right to it, no region or credentials).
        """
        client = self.prepare(service)
        from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, ParamValidationError
        from botocore.exceptions import ConnectionError as UnreachableError
        from botocore.parsers import ResponseParserError

        try:
            answer: dict[str, Any] = getattr(client, operation)(**asked)
        except ClientError as error:
            raise meaning_of(error, operation) from error
        except ParamValidationError as error:
            raise RecordRefusedError(f"{operation}: {error}") from error
        except (HTTPClientError, UnreachableError, ResponseParserError) as error:
            raise RecommenderUnavailableError(f"Personalize: {operation}: {error}") from error
        except BotoCoreError as error:
            raise MisconfiguredError(f"Personalize cannot be asked: {error}") from error
        return answer

    def prepare(self, service: str) -> Any:
        """The boto3 client, made once. Raises MisconfiguredError without boto3 or a region."""
        try:
            from botocore.exceptions import BotoCoreError
        except ImportError as error:
            raise MisconfiguredError("Personalize needs boto3: pip install -r requirements/aws.txt.") from error
        try:
            with self._lock:  # Sessions of boto3 are not made for several threads at once; clients are.
                if service not in self._clients:
                    self._clients[service] = self._make(service)
                return self._clients[service]
        except BotoCoreError as error:
            raise MisconfiguredError(f"Personalize cannot be asked: {error}") from error

    def _make(self, service: str) -> Any:
        import boto3
        from botocore.config import Config

        connect, read, attempts = self.connect_timeout, self.read_timeout, self.attempts
        if service == VISITORS_SERVICE:
            connect, read, attempts = self.deadline * _CONNECTING, self.deadline * (1 - _CONNECTING), 1
        config = Config(
            connect_timeout=connect,
            read_timeout=read,
            retries={"mode": "standard", "total_max_attempts": attempts},
            max_pool_connections=32,
        )
        return boto3.Session().client(
            service,  # type: ignore[call-overload]
            region_name=self.region or None,
            endpoint_url=self.endpoint_url or None,
            config=config,
        )


def meaning_of(error: "ClientError", operation: str) -> Exception:
    """What the service's answer says: try again, never send that again, or the site is not set up."""
    response: Any = error.response
    code, status = response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]
    words = f"{operation}: {code}: {response['Error']['Message']}"
    if code in THROTTLED | BUSY or status == 429 or not 400 <= status < 500:
        return RecommenderUnavailableError(f"Personalize: {words}")
    if code in INVALID or status == 413:
        return RecordRefusedError(words)
    return MisconfiguredError(f"Personalize: {words}")
