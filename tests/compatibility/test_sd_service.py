"""The retouching seed's routes for its GPU server, as its client calls them; Amazon is moto's server."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from django.utils import timezone
from moto.server import ThreadedMotoServer
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from garden.models import AuditEntry
from generation.models import Worker
from generation.tasks import switch_hosts
from tests.curation.cast import member
from tests.generation.jobs import make_host_events_older

pytestmark = pytest.mark.django_db
REGION = "eu-west-1"
STATUS, CONTROL = "/sd-service/infra/status", "/sd-service/infra/control"
SERVER, TERMINATION = "/sd-service/app-server/status", "/sd-service/infra/auto-termination"


@pytest.fixture(scope="module")
def amazon() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def ec2(amazon: str) -> Any:
    return boto3.resource(
        "ec2",
        region_name=REGION,
        endpoint_url=amazon,
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


@pytest.fixture
def instance(amazon: str, ec2: Any, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    """The site's one GPU host: it exists, and is stopped."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    (instance,) = ec2.create_instances(ImageId="ami-12c6146b", InstanceType="g5.xlarge", MinCount=1, MaxCount=1)
    instance.stop()
    settings.GPU_HOST_CONTROLLER = {
        "BACKEND": "generation.ec2_hosts.EC2HostController",
        "OPTIONS": {"instances": [instance.id], "region": REGION, "endpoint_url": amazon},
    }
    return instance


def client_of(group: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=Token.objects.create(user=member(group)).key)
    return client


@pytest.fixture
def operator() -> APIClient:
    return client_of("operator")


def control(client: APIClient, word: str) -> tuple[int, str]:
    """As the seed's client sends it: the bare word."""
    answer = client.post(CONTROL, word, content_type="text/plain;charset=UTF-8")
    return answer.status_code, answer.json()


def terminate(client: APIClient, body: str) -> Any:
    """A JSON string without a Content-Type of JSON."""
    return client.post(TERMINATION, body, content_type="text/plain;charset=UTF-8")


class TestWhoMay:
    @pytest.mark.parametrize("route", [STATUS, SERVER])
    def test_nobody_looks_without_a_token_that_is_known(self, route: str) -> None:
        client = APIClient()
        assert client.get(route).status_code == 401
        client.credentials(HTTP_AUTHORIZATION="eyJhbGciOiJIUzI1NiJ9.eyJ1c2VybmFtZSI6InJvb3QifQ.x")
        assert client.get(route).status_code == 401
        client.credentials(HTTP_AUTHORIZATION="0" * 40)
        assert client.get(route).status_code == 401

    def test_a_curator_looks_but_does_not_switch(self, instance: Any) -> None:
        client = client_of("curator")
        assert client.get(STATUS).json() == {"status": "STOPPED", "ip": None}
        assert client.post(CONTROL, "start", content_type="text/plain").status_code == 403
        assert terminate(client, '{"duration": 60}').status_code == 403
        instance.reload()
        assert instance.state["Name"] == "stopped"
        assert not AuditEntry.objects.filter(about__startswith="GPU hosts").exists()


class TestStatus:
    def test_without_hosts_to_switch_it_runs_while_a_worker_sends_heartbeats(self, operator: APIClient) -> None:
        assert operator.get(STATUS).json() == {"status": "UNKNOWN", "ip": None}
        Worker.objects.create(name="gpu:1", engines=["painter"])
        assert operator.get(STATUS).json() == {"status": "RUNNING", "ip": None}
        assert operator.get(SERVER).json() == "AVAILABLE"
        Worker.objects.update(last_seen_at=timezone.now() - timedelta(minutes=2))
        assert operator.get(STATUS).json() == {"status": "UNKNOWN", "ip": None}
        assert operator.get(SERVER).json() == "UNAVAILABLE"

    def test_a_worker_does_not_make_a_stopped_host_run_and_who_may_switch_gets_the_address(
        self, operator: APIClient, instance: Any
    ) -> None:
        Worker.objects.create(name="gpu:1", engines=["painter"])
        assert operator.get(STATUS).json()["status"] == "STOPPED"
        control(operator, "start")
        instance.reload()
        assert operator.get(STATUS).json() == {"status": "RUNNING", "ip": instance.public_ip_address}
        assert client_of("viewer").get(STATUS).json() == {"status": "RUNNING", "ip": None}

    def test_a_provider_that_does_not_answer_is_503(self, operator: APIClient, settings: Any, instance: Any) -> None:
        options = {"instances": [instance.id], "region": REGION, "endpoint_url": "http://127.0.0.1:9"}
        settings.GPU_HOST_CONTROLLER = {"BACKEND": "generation.ec2_hosts.EC2HostController", "OPTIONS": options}
        for _ in range(2):
            answer = operator.get(STATUS)
            assert (answer.status_code, answer.json()["code"]) == (503, "host_unavailable")


class TestControl:
    def test_it_starts_and_stops_with_the_seeds_words_and_each_switch_is_audited(
        self, operator: APIClient, instance: Any
    ) -> None:
        assert control(operator, "start") == (200, "successfully start")
        assert control(operator, "start") == (400, "cannot start the server which is not stopped")
        assert control(operator, "stop") == (200, "successfully stop")
        assert control(operator, "stop") == (400, "cannot stop the server which is not running")
        instance.reload()
        assert instance.state["Name"] == "stopped"
        entries = AuditEntry.objects.filter(about__startswith="GPU hosts").order_by("id").values_list("who", "about")
        switches = ("start requested", "start", "stop requested", "stop")
        assert list(entries) == [("operator", f"GPU hosts: {what}") for what in switches]

    def test_other_words_are_unknown(self, operator: APIClient, instance: Any) -> None:
        for word in ("", "restart", "START", "x" * 20_000):
            assert control(operator, word) == (400, "unknown command")

    def test_it_refuses_where_there_is_nothing_to_switch(self, operator: APIClient) -> None:
        assert control(operator, "start") == (400, "cannot start the server: this site has none to switch")


class TestAppServer:
    def test_a_worker_that_only_makes_pictures_from_nothing_does_not_count(
        self, operator: APIClient, settings: Any
    ) -> None:
        fleet = {"BACKEND": "generation.engines.sagemaker.SageMakerEngine", "OPTIONS": {"endpoints": ["sd-2"]}}
        settings.GENERATION_ENGINES = {**settings.GENERATION_ENGINES, "sagemaker": fleet}
        Worker.objects.create(name="gpu:1", engines=["sagemaker", "another-site-s"])
        assert operator.get(SERVER).json() == "UNAVAILABLE"


class TestAutoTermination:
    def test_it_really_stops_after_the_duration_without_work(self, operator: APIClient, instance: Any) -> None:
        control(operator, "start")
        answer = terminate(operator, '{"duration": 2400}')
        assert (answer.status_code, answer.json()) == (200, "done")
        make_host_events_older(timedelta(seconds=2300))
        switch_hosts()
        instance.reload()
        assert instance.state["Name"] == "running"
        make_host_events_older(timedelta(seconds=101))
        switch_hosts()
        instance.reload()
        assert instance.state["Name"] == "stopped"

    def test_it_names_what_is_wrong(self, operator: APIClient) -> None:
        for body in ("{}", '{"duration": "soon"}', '{"duration": 5}', '{"duration": -1}', "5", "x"):
            answer = terminate(operator, body)
            assert answer.status_code == 400, body
            assert answer.json()["detail"], body
        assert not AuditEntry.objects.filter(about__startswith="GPU hosts").exists()
