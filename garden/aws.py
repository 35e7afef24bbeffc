"""Clients of Amazon's services, and of servers that speak like them. boto3 is imported with the first client."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from garden.errors import MisconfiguredError

if TYPE_CHECKING:
    from botocore.config import Config


def client_config(
    *,
    connect_timeout: float = 4.0,
    read_timeout: float = 20.0,
    attempts: int = 3,
    retry_mode: Literal["standard", "adaptive"] = "standard",
    connections: int = 10,
) -> "Config":
    """Timeouts in seconds; `attempts` in all, spaced as `retry_mode` of botocore says."""
    from botocore.config import Config

    return Config(
        connect_timeout=connect_timeout,
        read_timeout=read_timeout,
        retries={"mode": retry_mode, "total_max_attempts": attempts},
        max_pool_connections=connections,
    )


def make_client(service: str, *, region: str = "", endpoint_url: str = "", **options: Any) -> Any:
    """A client of its own, for all threads; `options` are those of client_config. Region, endpoint and credentials are
    boto3's own unless given. Raises MisconfiguredError without boto3, a region or credentials.
    """
    try:
        import boto3
        from botocore.exceptions import BotoCoreError
    except ImportError as error:
        raise MisconfiguredError(f"{service} needs boto3: pip install -r requirements/aws.txt.") from error
    try:
        session = boto3.Session(region_name=region or None)  # Unlike clients, sessions are not safe to share.
        if session.get_credentials() is None:
            raise MisconfiguredError(f"{service}: boto3 finds no credentials.")
        client: Any = session.client(service, endpoint_url=endpoint_url or None, config=client_config(**options))  # type: ignore[call-overload]
    except BotoCoreError as error:
        raise MisconfiguredError(f"{service} cannot be used: {error}") from error
    return client


shared_client = lru_cache(maxsize=32)(make_client)
"""One for all who ask with the same options: it takes half a second to make."""
