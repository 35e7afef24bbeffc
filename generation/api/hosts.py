"""GPU hosts over REST: how they are, start, stop, and after how long without work they stop by themselves."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from garden.api.curators import CuratorAllowed, CuratorView, curator
from garden.api.etag import answer_unless_known
from garden.api.serializers import ErrorSerializer
from generation.gpu_hosts import (
    IDLE_RULE,
    LONGEST_IDLE,
    SHORTEST_IDLE,
    get_outlook,
    is_idle_time,
    set_idle_time,
    start_hosts,
    stop_hosts,
)
from generation.models.worker import Switch

SWITCH = "generation.switch_hosts"
MAY_LOOK = (SWITCH, "generation.view_hostevent", "generation.retouch")
SWITCHES = {Switch.START: start_hosts, Switch.STOP: stop_hosts}


class HostsAllowed(CuratorAllowed):
    """Switching needs its permission; looking is also for those who see its history, or who wait for pictures."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method == "POST":
            return super().has_permission(request, view)
        user = request.user
        return bool(user and user.is_active and user.is_staff and any(user.has_perm(one) for one in MAY_LOOK))


class HostsSerializer(serializers.Serializer[Any]):
    state = serializers.CharField(help_text="unmanaged, off, starting, on or stopping")
    hosts = serializers.DictField(child=serializers.CharField())
    waiting = serializers.IntegerField(help_text="pictures that wait for engines of these hosts")
    running = serializers.IntegerField(help_text="those that are being made")
    workers = serializers.IntegerField(help_text="workers of these engines that were heard in the last minute")
    idle_seconds = serializers.IntegerField(help_text="how long the hosts stay on without work")
    idle_chosen = serializers.IntegerField(help_text="what a person chose of it; 0 is the site's own setting")
    stops_at = serializers.DateTimeField(allow_null=True, help_text="null while they are not on, or have work")
    held = serializers.BooleanField(help_text="stopped by a person; only a new job or a person starts them")


_IDLE = {"type": "integer", "anyOf": [{"enum": [0]}, {"minimum": SHORTEST_IDLE, "maximum": LONGEST_IDLE}]}


@extend_schema_field(_IDLE)
class IdleSecondsField(serializers.IntegerField):
    """So long without work; 0 is the site's own setting again."""

    def to_internal_value(self, data: Any) -> int:
        seconds = super().to_internal_value(data)
        if not is_idle_time(seconds):
            raise serializers.ValidationError(f"It {IDLE_RULE}.")
        return seconds


class IdleSerializer(serializers.Serializer[Any]):
    seconds = IdleSecondsField(help_text="0 is the site's own setting again")


class HostsView(CuratorView):
    permission_classes = [HostsAllowed]

    @extend_schema(
        summary="How the GPU hosts are",
        description="With `If-None-Match` the answer is 304 until something changed.",
        responses={200: HostsSerializer, 304: None, 503: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        return answer_unless_known(request, describe_hosts())


class SwitchHostsView(CuratorView):
    change_permission = SWITCH
    switch: ClassVar[Switch] = Switch.START

    @extend_schema(
        summary="Start or stop the GPU hosts",
        description="A person's stop holds: only a new job, or a person, starts them again.",
        request=None,
        responses={200: HostsSerializer, 503: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        SWITCHES[self.switch](by=request.user)
        return Response(describe_hosts())


class IdleTimeView(CuratorView):
    change_permission = SWITCH

    @extend_schema(
        summary="After how long without work the GPU hosts are stopped",
        request=IdleSerializer,
        responses={200: HostsSerializer, 400: ErrorSerializer, 503: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        given = IdleSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        set_idle_time(seconds=given.validated_data["seconds"], by=curator(request))
        return Response(describe_hosts())


def describe_hosts() -> dict[str, Any]:
    seen = get_outlook()
    return {
        "state": seen.status.state.value,
        "hosts": {name: state.value for name, state in seen.status.hosts},
        "waiting": seen.waiting,
        "running": seen.running,
        "workers": seen.workers,
        "idle_seconds": int(seen.idle.total_seconds()),
        "idle_chosen": seen.chosen_idle,
        "stops_at": seen.stops_at,
        "held": seen.held,
    }
