"""Amazon EC2 instances as GPU hosts; stopped instances keep their disks."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from garden.aws import shared_client
from garden.errors import MisconfiguredError
from generation.gpu_hosts import HostController, HostRefusedError, HostState, HostStatus, HostUnavailableError

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client

Answer = TypeVar("Answer")
_STATES = {
    "pending": HostState.STARTING,
    "running": HostState.ON,
    "stopping": HostState.STOPPING,
    "shutting-down": HostState.STOPPING,
}
# Temporary: the instance is in transition, or Amazon has no capacity.
_PASSING = {"IncorrectInstanceState", "InsufficientInstanceCapacity", "RequestLimitExceeded", "Throttling"}
_BUSIEST_FIRST = (HostState.ON, HostState.STARTING, HostState.STOPPING)


@dataclass(frozen=True, slots=True, kw_only=True)
class EC2HostController(HostController):
    """`instances`: ids such as `i-0abc…`. Region and credentials are boto3's own unless given.

    The role needs ec2:StartInstances, ec2:StopInstances and ec2:DescribeInstances.
    """

    instances: Sequence[str] = ()
    region: str = ""
    endpoint_url: str = ""
    timeout_seconds: float = 10

    def __post_init__(self) -> None:
        if not self.instances:
            raise MisconfiguredError("GPU_HOST_CONTROLLER: EC2HostController needs the option instances.")

    def start(self) -> None:
        self._call(lambda client: client.start_instances(InstanceIds=list(self.instances)))

    def stop(self) -> None:
        self._call(lambda client: client.stop_instances(InstanceIds=list(self.instances)))

    def status(self) -> HostStatus:
        found = sorted(self._call(self._describe))
        hosts = tuple((name, state) for name, state, _ in found)
        addresses = tuple(address for _, state, address in found if address and state is HostState.ON)
        return HostStatus(combined(state for _, state in hosts), hosts, addresses)

    def _describe(self, client: "EC2Client") -> list[tuple[str, HostState, str]]:
        answer = client.describe_instances(InstanceIds=list(self.instances))
        instances = [instance for group in answer["Reservations"] for instance in group["Instances"]]
        return [
            (each["InstanceId"], _STATES.get(each["State"]["Name"], HostState.OFF), each.get("PublicIpAddress", ""))
            for each in instances
        ]

    def _call(self, ask: Callable[["EC2Client"], Answer]) -> Answer:
        try:
            client = shared_client(
                "ec2",
                region=self.region,
                endpoint_url=self.endpoint_url,
                connect_timeout=self.timeout_seconds,
                read_timeout=self.timeout_seconds,
            )
        except MisconfiguredError as error:
            raise HostUnavailableError(f"EC2 is unavailable: {error.detail}") from error
        with translate_errors():
            return ask(client)


def combined(states: Iterable[HostState]) -> HostState:
    """The combined state of several hosts; off without any."""
    found = set(states)
    return next((state for state in _BUSIEST_FIRST if state in found), HostState.OFF)


@contextmanager
def translate_errors() -> Iterator[None]:
    """Translate errors of boto3."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        described = error.response["Error"]
        words = f"{described['Code']}: {described['Message']}"
        passing = described["Code"] in _PASSING or error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500
        raise HostUnavailableError(words) if passing else HostRefusedError(words) from error
    except BotoCoreError as error:
        raise HostUnavailableError(f"EC2 is unavailable: {error}") from error
