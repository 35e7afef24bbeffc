"""GPU hosts over REST: how they are, start, stop."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.curators import CuratorView
from garden.api.serializers import ErrorSerializer
from generation.hosts.registry import get_host_controller
from generation.hosts.switching import start_hosts, stop_hosts
from generation.models.host_event import Switch

SWITCHES = {Switch.START: start_hosts, Switch.STOP: stop_hosts}


class HostsSerializer(serializers.Serializer[Any]):
    state = serializers.CharField(help_text="unmanaged, off, starting, on or stopping")
    hosts = serializers.DictField(child=serializers.CharField())


class HostsView(CuratorView):
    permission = "generation.switch_hosts"

    @extend_schema(summary="How the GPU hosts are", responses={200: HostsSerializer, 503: ErrorSerializer})
    def get(self, request: Request) -> Response:
        return Response(describe_hosts())


class SwitchHostsView(CuratorView):
    change_permission = "generation.switch_hosts"
    switch: ClassVar[Switch] = Switch.START

    @extend_schema(
        summary="Start or stop the GPU hosts", request=None, responses={200: HostsSerializer, 503: ErrorSerializer}
    )
    def post(self, request: Request) -> Response:
        SWITCHES[self.switch](by=request.user)
        return Response(describe_hosts())


def describe_hosts() -> dict[str, Any]:
    status = get_host_controller().status()
    return {"state": status.state.value, "hosts": {name: state.value for name, state in status.hosts}}
