"""EC2 as moto's server plays it: real boto3 over real sockets."""

import socket
import sys
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

from garden.errors import GardenError, MisconfiguredError
from generation.ec2_hosts import EC2HostController, combined, words_of_amazon
from generation.gpu_hosts import HostRefusedError, HostState, HostUnavailableError

REGION = "eu-west-1"


@pytest.fixture(scope="module")
def amazon() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")


@pytest.fixture
def client(amazon: str) -> Any:
    return boto3.client("ec2", region_name=REGION, endpoint_url=amazon)


@pytest.fixture
def instances(client: Any) -> list[str]:
    image = client.describe_images()["Images"][0]["ImageId"]
    made = client.run_instances(ImageId=image, InstanceType="g5.xlarge", MinCount=2, MaxCount=2)
    return [instance["InstanceId"] for instance in made["Instances"]]


@pytest.fixture
def hosts(amazon: str, instances: list[str]) -> EC2HostController:
    return EC2HostController(instances=instances, region=REGION, endpoint_url=amazon)


def test_it_stops_and_starts_every_instance(hosts: EC2HostController, instances: list[str]) -> None:
    hosts.stop()
    assert hosts.status().state is HostState.OFF
    hosts.start()
    status = hosts.status()
    assert status.state is HostState.ON
    assert status.hosts == tuple((instance, HostState.ON) for instance in sorted(instances))


def test_it_may_be_asked_twice(hosts: EC2HostController) -> None:
    hosts.stop()
    hosts.stop()
    hosts.start()
    hosts.start()
    assert hosts.status().state is HostState.ON


def test_one_host_that_runs_is_on(hosts: EC2HostController, client: Any, instances: list[str]) -> None:
    client.stop_instances(InstanceIds=instances[:1])
    assert hosts.status().state is HostState.ON
    assert dict(hosts.status().hosts)[instances[0]] is HostState.OFF


def test_it_repeats_amazons_words_when_refused(amazon: str) -> None:
    nobody = EC2HostController(instances=["i-0123456789abcdef0"], region=REGION, endpoint_url=amazon)
    with pytest.raises(HostRefusedError, match=r"InvalidInstanceID.NotFound.*i-0123456789abcdef0"):
        nobody.start()


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("IncorrectInstanceState", 400, HostUnavailableError),
        ("InsufficientInstanceCapacity", 500, HostUnavailableError),
        ("RequestLimitExceeded", 503, HostUnavailableError),
        ("InternalError", 500, HostUnavailableError),
        ("UnauthorizedOperation", 403, HostRefusedError),
    ],
)
def test_what_passes_is_no_refusal(code: str, status: int, kind: type[GardenError]) -> None:
    answer: Any = {"Error": {"Code": code, "Message": "in its words"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    with pytest.raises(kind, match=f"{code}: in its words"), words_of_amazon():
        raise ClientError(answer, "StartInstances")


def test_a_service_that_does_not_answer_is_unavailable(instances: list[str]) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        hosts = EC2HostController(instances=instances, region=REGION, endpoint_url=url, timeout_seconds=0.2)
        with pytest.raises(HostUnavailableError, match="EC2 cannot be asked"):
            hosts.status()


def test_it_says_that_boto3_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.exceptions", None)
    with pytest.raises(MisconfiguredError, match=r"requirements/aws\.txt"):
        EC2HostController(instances=["i-1"]).start()


def test_several_states_are_the_busiest_one() -> None:
    assert combined([]) is HostState.OFF
    assert combined([HostState.OFF, HostState.STOPPING]) is HostState.STOPPING
    assert combined([HostState.STOPPING, HostState.STARTING]) is HostState.STARTING
    assert combined([HostState.STARTING, HostState.ON, HostState.OFF]) is HostState.ON
