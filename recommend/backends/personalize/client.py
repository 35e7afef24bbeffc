"""Calls of Amazon Personalize, and their failures as our errors."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from garden.aws import shared_client
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
    """The service refuses this request for good; its message is the detail."""

    code = "record_refused"


@dataclass
class PersonalizeClient:
    """The three services of Personalize through boto3. For all threads.

    A visitor waits for VISITORS_SERVICE: one attempt, with `deadline` seconds for connecting and reading together.
    The other services are called by workers, with up to `attempts` attempts of boto3.
    """

    region: str = ""
    endpoint_url: str = ""
    connect_timeout: float = 1.0
    read_timeout: float = 2.0
    attempts: int = 3
    deadline: float = 1.0

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """The service's response to an operation (`put_events`).

        Raises RecommenderUnavailableError after the last attempt, RecordRefusedError, or MisconfiguredError (no such
        resource, no permission, no region or credentials).
        """
        client = self.prepare(service)
        from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, ParamValidationError
        from botocore.exceptions import ConnectionError as UnreachableError
        from botocore.parsers import ResponseParserError

        try:
            answer: dict[str, Any] = getattr(client, operation)(**parameters)
        except ClientError as error:
            raise meaning_of(error, operation) from error
        except ParamValidationError as error:
            raise RecordRefusedError(f"{operation}: {error}") from error
        except (HTTPClientError, UnreachableError, ResponseParserError) as error:
            raise RecommenderUnavailableError(f"Personalize: {operation}: {error}") from error
        except BotoCoreError as error:
            raise MisconfiguredError(f"Personalize cannot be called: {error}") from error
        return answer

    def prepare(self, service: str) -> Any:
        """The boto3 client. Raises MisconfiguredError without boto3, a region or credentials."""
        connect, read, attempts = self.connect_timeout, self.read_timeout, self.attempts
        if service == VISITORS_SERVICE:
            connect, read, attempts = self.deadline * _CONNECTING, self.deadline * (1 - _CONNECTING), 1
        return shared_client(
            service,
            region=self.region,
            endpoint_url=self.endpoint_url,
            connect_timeout=connect,
            read_timeout=read,
            attempts=attempts,
            connections=32,
        )


def meaning_of(error: "ClientError", operation: str) -> Exception:
    """The service's error as ours: unavailable, refused for good, or misconfigured."""
    response: Any = error.response
    code, status = response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]
    words = f"{operation}: {code}: {response['Error']['Message']}"
    if code in THROTTLED | BUSY or status == 429 or not 400 <= status < 500:
        return RecommenderUnavailableError(f"Personalize: {words}")
    if code in INVALID or status == 413:
        return RecordRefusedError(words)
    return MisconfiguredError(f"Personalize: {words}")
