"""The fleet over REST: the state of every device, and muting of one."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curation.services.fleet import MAX_MUTE_HOURS, DeviceState, describe_fleet, mute_device
from garden.api.curators import CuratorView, curator
from garden.api.etag import answer_unless_known
from garden.api.fields import validated
from garden.api.serializers import errors
from garden.models import Alarm


class OpenAlarmSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Alarm.Kind.choices)
    detail = serializers.CharField()
    since = serializers.DateTimeField()


class DeviceSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=["display", "kiosk"])
    name = serializers.CharField()
    slot = serializers.CharField(help_text="Of a display: `3h`.")
    zone = serializers.CharField()
    place = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in DeviceState])
    alarms = OpenAlarmSerializer(many=True)
    heard = serializers.DateTimeField(allow_null=True)
    started = serializers.DateTimeField(allow_null=True)
    version = serializers.CharField()
    old = serializers.BooleanField(help_text="Its page is not the present one.")
    on_screen = serializers.CharField(help_text="A key; of a kiosk, a moment.")
    thumb = serializers.CharField()
    screen = serializers.CharField()
    problem = serializers.CharField()
    behind = serializers.BooleanField()
    quiet_until = serializers.DateTimeField(allow_null=True)
    quiet_by = serializers.CharField()
    wall = serializers.CharField(help_text="The address of a display's page.")
    edit = serializers.CharField()


class SlotSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    key = serializers.CharField()
    thumb = serializers.CharField()


class PlanSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    dark = serializers.BooleanField()
    slots = SlotSerializer(many=True)


class FleetSerializer(serializers.Serializer[Any]):
    counts = serializers.DictField(child=serializers.IntegerField())
    devices = DeviceSerializer(many=True, help_text="Problems first, then zone by zone.")
    zones = PlanSerializer(many=True)
    watching = serializers.BooleanField(help_text="Whether the monitor ran within the last two minutes.")
    untold = serializers.CharField(help_text="Why an alarm could not be delivered.")


class QuietSerializer(serializers.Serializer[Any]):
    device = serializers.RegexField(r"^(kiosk|display)-[0-9]{1,15}\Z")
    hours = serializers.IntegerField(min_value=0, max_value=MAX_MUTE_HOURS, help_text="0: alarms again.")


class FleetView(CuratorView):
    permission = "garden.view_devicehealth"

    @extend_schema(summary="How every kiosk and display is", responses=FleetSerializer)
    def get(self, request: Request) -> Response:
        return answer_unless_known(request, describe_fleet(request._request))


class QuietView(CuratorView):
    change_permission = "garden.change_devicehealth"

    @extend_schema(
        summary="Send no alerts of a device for a while",
        request=QuietSerializer,
        responses={200: FleetSerializer, **errors(404)},
    )
    def post(self, request: Request) -> Response:
        request_data = validated(QuietSerializer, request.data)
        mute_device(**request_data, by=curator(request))
        return Response(describe_fleet(request._request))
