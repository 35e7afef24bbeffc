"""When GPU hosts are switched, which controller the settings name, and EC2 over real sockets."""

import socket
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer

from garden.errors import GardenError
from generation.ec2_hosts import EC2HostController, combined, translate_errors
from generation.gpu_hosts import (
    HostRefusedError,
    HostState,
    HostUnavailableError,
    Situation,
    Switch,
    check_host_controller,
    decide,
    get_host_controller,
)

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
IDLE = timedelta(minutes=15)
MOMENTS = st.none() | st.integers(0, 120).map(lambda minutes: NOW - timedelta(minutes=minutes))
SITUATIONS = st.builds(
    Situation,
    now=st.just(NOW),
    state=st.sampled_from(HostState),
    waiting=st.integers(0, 3),
    running=st.integers(0, 3),
    last_work_at=MOMENTS,
    started_at=MOMENTS,
)


def minutes_ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


def test_it_starts_hosts_when_there_is_work() -> None:
    assert decide(Situation(NOW, HostState.OFF, waiting=1, running=0), IDLE) is Switch.START


def test_it_stops_hosts_after_the_idle_time() -> None:
    quiet = Situation(NOW, HostState.ON, 0, 0, last_work_at=minutes_ago(15), started_at=minutes_ago(90))
    assert decide(quiet, IDLE) is Switch.STOP
    assert decide(quiet, IDLE + timedelta(seconds=1)) is None


def test_a_host_just_started_is_given_time_to_find_work() -> None:
    fresh = Situation(NOW, HostState.ON, 0, 0, last_work_at=minutes_ago(600), started_at=minutes_ago(2))
    assert decide(fresh, IDLE) is None


def test_hosts_that_nobody_knows_anything_about_are_stopped() -> None:
    assert decide(Situation(NOW, HostState.ON, 0, 0), IDLE) is Switch.STOP


@given(SITUATIONS)
def test_it_never_stops_hosts_that_have_work_nor_starts_them_without(situation: Situation) -> None:
    decision = decide(situation, IDLE)
    assert not (decision is Switch.STOP and situation.has_work)
    assert not (decision is Switch.START and not situation.has_work)


@given(SITUATIONS)
def test_it_only_switches_what_is_in_the_other_state(situation: Situation) -> None:
    decision = decide(situation, IDLE)
    assert decision is not Switch.START or situation.state is HostState.OFF
    assert decision is not Switch.STOP or situation.state is HostState.ON


@given(SITUATIONS, st.integers(0, 60), st.integers(0, 60))
def test_more_patience_never_stops_earlier(situation: Situation, shorter: int, more: int) -> None:
    patient = decide(situation, timedelta(minutes=shorter + more))
    assert patient is not Switch.STOP or decide(situation, timedelta(minutes=shorter)) is Switch.STOP


EC2 = "generation.ec2_hosts.EC2HostController"


def test_nothing_is_switched_by_default() -> None:
    hosts = get_host_controller()
    hosts.start()
    hosts.stop()
    assert hosts.status().state is HostState.UNMANAGED
    assert check_host_controller() == []


def test_the_setting_names_another_controller(settings: Any) -> None:
    settings.GPU_HOST_CONTROLLER = {"BACKEND": EC2, "OPTIONS": {"instances": ["i-1"]}}
    assert type(get_host_controller()).__name__ == "EC2HostController"


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"BACKEND": EC2}, "needs the option instances"),
        ({"BACKEND": EC2, "OPTIONS": {"instances": ["i-1"], "colour": 1}}, "unknown options colour"),
        ({"BACKEND": "generation.gpu_hosts.NoHostController", "OPTIONS": {"instances": ["i-1"]}}, "unknown options"),
    ],
)
def test_a_check_says_what_is_wrong(entry: dict[str, Any], complaint: str, settings: Any) -> None:
    settings.GPU_HOST_CONTROLLER = entry
    (message,) = check_host_controller()
    assert complaint in message.msg


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
    with pytest.raises(kind, match=f"{code}: in its words"), translate_errors():
        raise ClientError(answer, "StartInstances")


def test_a_service_that_does_not_answer_is_unavailable(instances: list[str]) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        hosts = EC2HostController(instances=instances, region=REGION, endpoint_url=url, timeout_seconds=0.2)
        with pytest.raises(HostUnavailableError, match="EC2 is unavailable"):
            hosts.status()


def test_it_says_that_boto3_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.exceptions", None)
    with pytest.raises(HostUnavailableError, match=r"requirements/aws\.txt"):
        EC2HostController(instances=["i-1"]).start()


def test_several_states_are_the_busiest_one() -> None:
    assert combined([]) is HostState.OFF
    assert combined([HostState.OFF, HostState.STOPPING]) is HostState.STOPPING
    assert combined([HostState.STOPPING, HostState.STARTING]) is HostState.STARTING
    assert combined([HostState.STARTING, HostState.ON, HostState.OFF]) is HostState.ON
