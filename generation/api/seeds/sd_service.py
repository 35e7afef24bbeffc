"""The retouching seed's routes for its GPU server: `/sd-service/…`, with its shapes and words."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.curators import SeedCuratorView, curator
from garden.api.formats import AnyTypeTextParser
from garden.api.serializers import ErrorSerializer
from generation.api.hosts import SWITCH, HostsAllowed, IdleSecondsField
from generation.available_models import can_repaint_now
from generation.gpu_hosts import HostState, get_status, set_idle_time, start_hosts, stop_hosts
from generation.models import Worker
from generation.models.worker import Switch

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
    ip = serializers.CharField(allow_null=True, help_text="While it runs, for those who may switch it.")


class DurationSerializer(serializers.Serializer[Any]):
    duration = IdleSecondsField(help_text="Seconds without work; 0 is the site's own setting again.")


class InfraStatusView(SeedCuratorView):
    permission_classes = [HostsAllowed]

    @extend_schema(
        summary="How the seed's GPU server is",
        description="Without hosts to switch: RUNNING while a worker was heard in the last minute, else UNKNOWN.",
        responses={200: InfraStatusSerializer, 503: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        seen = get_status()
        if seen.state is HostState.UNMANAGED and Worker.objects.online().exists():
            return Response({"status": STATES[HostState.ON], "ip": None})
        is_told = seen.state is HostState.ON and curator(request).has_perm(SWITCH)  # type: ignore[attr-defined]
        address = next(iter(seen.addresses), NO_ADDRESS) if is_told else None
        return Response({"status": STATES[seen.state], "ip": address})


class InfraControlView(SeedCuratorView):
    change_permission = SWITCH
    parser_classes = [AnyTypeTextParser]

    @extend_schema(
        summary="Start or stop the seed's GPU server",
        description="The body is the bare word. Starts only what is stopped, stops only what runs.",
        request={"text/plain": {"type": "string", "enum": COMMANDS}},
        responses={200: OpenApiTypes.STR, 400: OpenApiTypes.STR, 503: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        state, asked = get_status().state, str(request.data or "").strip().strip('"')
        if asked == Switch.START and state is HostState.OFF:
            start_hosts(by=curator(request))
            return Response("successfully start")
        if asked == Switch.STOP and state is HostState.ON:
            stop_hosts(by=curator(request))
            return Response("successfully stop")
        return Response(_refusal(asked, state), status=400)


class AppServerStatusView(SeedCuratorView):
    permission_classes = [HostsAllowed]

    @extend_schema(
        summary="Whether a worker that can retouch is there now",
        description="AVAILABLE or UNAVAILABLE, from what the workers said in the last minute.",
        responses={200: OpenApiTypes.STR},
    )
    def get(self, request: Request) -> Response:
        return Response("AVAILABLE" if can_repaint_now() else "UNAVAILABLE")


class AutoTerminationView(SeedCuratorView):
    change_permission = SWITCH

    @extend_schema(
        summary="After how long without work the seed's GPU server is stopped",
        request=DurationSerializer,
        responses={200: OpenApiTypes.STR, 400: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        given = DurationSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        set_idle_time(seconds=given.validated_data["duration"], by=curator(request))
        return Response("done")


def _refusal(asked: str, state: HostState) -> str:
    if asked not in COMMANDS:
        return "unknown command"
    if state is HostState.UNMANAGED:
        return f"cannot {asked} the server: this site has none to switch"
    wrong = "stopped" if asked == Switch.START else "running"
    return f"cannot {asked} the server which is not {wrong}"
