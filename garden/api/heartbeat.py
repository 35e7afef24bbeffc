"""A device says how it is: every 15 seconds, and at once when something changes."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.fields import RowIdField, StringField
from garden.api.kiosks import DeviceAllowed, KioskView
from garden.api.serializers import ErrorSerializer
from garden.fleet.heartbeat import DISPLAY, store_heartbeat
from garden.models import Display, Kiosk
from garden.storage.keys import MAX_LENGTH

MOMENT = r"[a-z][a-z_-]{0,31}"
_WALL = {"display": "zone1/3h", "version": "0.1.0+5f0c2a11", "zone_version": 17, "screen": "3840x2160", "problem": ""}


def _line(length: int) -> StringField:
    return StringField(max_length=length, allow_blank=True, required=False, default="")


class HeartbeatSerializer(serializers.Serializer[Any]):
    """Nothing in it is about a visitor: a kiosk names the moment it shows, and nothing else."""

    display = serializers.RegexField(
        rf"^{DISPLAY}\Z", required=False, default="", allow_blank=True, help_text="A wall's own place: `zone1/3h`."
    )
    version = _line(50)
    zone_version = RowIdField(required=False, allow_null=True, default=None, help_text="A wall's alone.")
    on_screen = StringField(
        max_length=MAX_LENGTH, allow_blank=True, required=False, default="", help_text="A key; of a kiosk, a moment."
    )
    screen = serializers.RegexField(
        r"^\d{1,5}x\d{1,5}\Z", required=False, default="", allow_blank=True, help_text="`3840x2160`"
    )
    started_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    problem = _line(500)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A kiosk that named a picture would say what a visitor was shown."""
        if not attrs["display"] and attrs["on_screen"]:
            moment = serializers.RegexField(rf"^{MOMENT}\Z")
            try:
                moment.run_validation(attrs["on_screen"])
            except serializers.ValidationError as error:
                raise serializers.ValidationError({"on_screen": ["A kiosk names its moment alone."]}) from error
        return attrs


class HeartbeatView(KioskView):
    permission_classes = [DeviceAllowed]
    throttle_scope = "heartbeat"

    @extend_schema(
        summary="A kiosk or a wall screen says how it is",
        description="A screen that is not known yet is registered, where its zone exists. Without `display` it is the "
        "kiosk that asks; where nobody knows which one that is, it is not kept. A display's key speaks for itself.",
        request=HeartbeatSerializer,
        responses={204: None, 400: ErrorSerializer, 404: ErrorSerializer},
        examples=[OpenApiExample("A wall screen", value=_WALL, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        heartbeat = HeartbeatSerializer(data=request.data)
        heartbeat.is_valid(raise_exception=True)
        report = _report_of(request.auth, heartbeat.validated_data)
        store_heartbeat(kiosk=request.auth if isinstance(request.auth, Kiosk) else None, report=report)
        return Response(status=204)


def _report_of(device: Any, report: dict[str, Any]) -> dict[str, Any]:
    """A display reports of itself alone."""
    if not isinstance(device, Display):
        return report
    if report["display"] not in ("", device.slot):
        raise PermissionDenied(f"This key belongs to the display {device.slot}.")
    return {**report, "display": device.slot}
