"""The retouching seed's routes for its GPU server: `/sd-service/…`."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.curators import SeedCuratorView, curator
from garden.api.fields import validated
from garden.api.formats import AnyTypeTextParser
from generation.api.hosts import MAY_LOOK, SWITCH, IdleSecondsField
from generation.available_models import can_repaint_now
from generation.gpu_hosts import HostState, Switch, get_status, set_idle_time, start_hosts, stop_hosts
from generation.models import Worker

STATES = {
    HostState.UNMANAGED: "UNKNOWN",
    HostState.OFF: "STOPPED",
    HostState.STARTING: "PENDING",
    HostState.ON: "RUNNING",
    HostState.STOPPING: "STOPPING",
}
NO_ADDRESS = "unknown"
COMMANDS = [str(Switch.START), str(Switch.STOP)]


class InfraStatusSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=list(STATES.values()))
    ip = serializers.CharField(allow_null=True, help_text="Only while it runs, for users who may switch it.")


class DurationSerializer(serializers.Serializer[Any]):
    duration = IdleSecondsField(help_text="Seconds without work; 0 restores the site's setting.")


class InfraStatusView(SeedCuratorView):
    permission = MAY_LOOK

    @extend_schema(
        summary="Status of the seed's GPU server",
        description="Without managed hosts: RUNNING if a worker sent a heartbeat in the last minute, else UNKNOWN.",
        responses=InfraStatusSerializer,
    )
    def get(self, request: Request) -> Response:
        status = get_status()
        if status.state is HostState.UNMANAGED and Worker.objects.online().exists():
            return Response({"status": STATES[HostState.ON], "ip": None})
        show_address = status.state is HostState.ON and curator(request).has_perm(SWITCH)  # type: ignore[attr-defined]
        address = next(iter(status.addresses), NO_ADDRESS) if show_address else None
        return Response({"status": STATES[status.state], "ip": address})


class InfraControlView(SeedCuratorView):
    change_permission = SWITCH
    parser_classes = [AnyTypeTextParser]

    @extend_schema(
        summary="Start or stop the seed's GPU server",
        description="The body is the bare word. Starts only stopped servers, stops only running ones.",
        request={"text/plain": {"type": "string", "enum": COMMANDS}},
        responses={200: OpenApiTypes.STR, 400: OpenApiTypes.STR},
    )
    def post(self, request: Request) -> Response:
        state, command = get_status().state, str(request.data or "").strip().strip('"')
        if command == Switch.START and state is HostState.OFF:
            start_hosts(by=curator(request))
            return Response("successfully start")
        if command == Switch.STOP and state is HostState.ON:
            stop_hosts(by=curator(request))
            return Response("successfully stop")
        return Response(_refusal(command, state), status=400)


class AppServerStatusView(SeedCuratorView):
    permission = MAY_LOOK

    @extend_schema(
        summary="Whether a worker that can retouch is online",
        description="AVAILABLE or UNAVAILABLE, from the heartbeats of the last minute.",
        responses={200: OpenApiTypes.STR},
    )
    def get(self, request: Request) -> Response:
        return Response("AVAILABLE" if can_repaint_now() else "UNAVAILABLE")


class AutoTerminationView(SeedCuratorView):
    change_permission = SWITCH

    @extend_schema(
        summary="Set the idle time of the seed's GPU server",
        request=DurationSerializer,
        responses={200: OpenApiTypes.STR},
    )
    def post(self, request: Request) -> Response:
        set_idle_time(seconds=validated(DurationSerializer, request.data)["duration"], by=curator(request))
        return Response("done")


def _refusal(command: str, state: HostState) -> str:
    if command not in COMMANDS:
        return "unknown command"
    if state is HostState.UNMANAGED:
        return f"cannot {command} the server: this site has none to switch"
    wrong = "stopped" if command == Switch.START else "running"
    return f"cannot {command} the server which is not {wrong}"
