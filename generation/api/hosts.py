"""GPU hosts over REST: status, start, stop, idle time."""

from dataclasses import asdict
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.curators import CuratorView, curator
from garden.api.etag import answer_unless_known
from garden.api.fields import validated
from generation.gpu_hosts import (
    LONGEST_IDLE,
    SHORTEST_IDLE,
    Switch,
    get_outlook,
    set_idle_time,
    start_hosts,
    stop_hosts,
)

SWITCH = "generation.switch_hosts"
MAY_LOOK = (SWITCH, "generation.view_worker", "generation.retouch")
"""Also users who may see workers or retouch."""
SWITCHES = {Switch.START: start_hosts, Switch.STOP: stop_hosts}


class HostsSerializer(serializers.Serializer[Any]):
    state = serializers.CharField(help_text="unmanaged, off, starting, on or stopping")
    hosts = serializers.DictField(child=serializers.CharField())
    waiting = serializers.IntegerField(help_text="waiting pictures for engines of these hosts")
    running = serializers.IntegerField(help_text="pictures being made")
    workers = serializers.IntegerField(help_text="workers of these engines with a heartbeat in the last minute")
    idle_seconds = serializers.IntegerField(help_text="idle time in effect, in seconds")
    idle_chosen = serializers.IntegerField(help_text="idle time set by a person; 0 is the site's setting")
    stops_at = serializers.DateTimeField(allow_null=True, help_text="null while they are not on, or have work")
    held = serializers.BooleanField(help_text="stopped by a person; only a new job or a person starts them")


_IDLE = {"type": "integer", "anyOf": [{"enum": [0]}, {"minimum": SHORTEST_IDLE, "maximum": LONGEST_IDLE}]}


@extend_schema_field(_IDLE)
class IdleSecondsField(serializers.IntegerField):
    """Seconds without work; 0 restores the site's setting."""

    def to_internal_value(self, data: Any) -> int:
        seconds = super().to_internal_value(data)
        if seconds != 0 and not SHORTEST_IDLE <= seconds <= LONGEST_IDLE:
            raise serializers.ValidationError(f"It must be 0 or from {SHORTEST_IDLE} to {LONGEST_IDLE} seconds.")
        return seconds


class IdleSerializer(serializers.Serializer[Any]):
    seconds = IdleSecondsField(help_text="0 restores the site's setting")


class HostsView(CuratorView):
    permission = MAY_LOOK

    @extend_schema(
        summary="Status of the GPU hosts",
        description="With `If-None-Match` the response is 304 until something changes.",
        responses={200: HostsSerializer, 304: None},
    )
    def get(self, request: Request) -> Response:
        return answer_unless_known(request, asdict(get_outlook()))


class SwitchHostsView(CuratorView):
    change_permission = SWITCH
    switch: ClassVar[Switch] = Switch.START

    @extend_schema(
        summary="Start or stop the GPU hosts",
        description="A person's stop holds: only a new job, or a person, starts them again.",
        request=None,
        responses=HostsSerializer,
    )
    def post(self, request: Request) -> Response:
        SWITCHES[self.switch](by=request.user)
        return Response(asdict(get_outlook()))


class IdleTimeView(CuratorView):
    change_permission = SWITCH

    @extend_schema(
        summary="Set the idle time of the GPU hosts",
        request=IdleSerializer,
        responses=HostsSerializer,
    )
    def post(self, request: Request) -> Response:
        set_idle_time(**validated(IdleSerializer, request.data), by=curator(request))
        return Response(asdict(get_outlook()))
