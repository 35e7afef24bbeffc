"""Routes of kiosks and displays: who may call them and how often, heartbeats, and souvenirs to give."""

from typing import Any

from django.conf import settings
from django.db.models import Model
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from garden.access.throttling import count, seconds_left
from garden.api.fields import KEY_MAX_LENGTH, RowIdField, StringField, validated
from garden.api.serializers import ErrorSerializer
from garden.errors import GardenError
from garden.fleet.heartbeat import DISPLAY, store_heartbeat
from garden.models import Display, Image, Kiosk
from garden.souvenirs.links import link_for, qr_file_of, souvenir_address
from garden.storage.keys import MAX_LENGTH
from garden.walls.service import UnknownPictureError

VISITOR_PARAMETERS = [
    OpenApiParameter("X-user-id", str, OpenApiParameter.HEADER, description="Who the visitor is."),
    OpenApiParameter(
        "X-Consent", str, OpenApiParameter.HEADER, description="The number of a consent, where one is required."
    ),
]


def kiosk_of(request: Request) -> Kiosk | None:
    return request.auth if isinstance(request.auth, Kiosk) else None


class KioskAllowed(BasePermission):
    """Kiosks with a key, staff users, and everybody where KIOSK_ACCESS is `open`; a display's key is no kiosk's."""

    message = "This key is a display's: it opens its wall page and no route of kiosks."

    def has_permission(self, request: Request, view: APIView) -> bool:
        if isinstance(request.auth, Display):
            return False
        if settings.KIOSK_ACCESS == "open" or isinstance(request.auth, Kiosk):
            return True
        return bool(request.user and request.user.is_staff)


class DeviceAllowed(KioskAllowed):
    """As kiosks, and displays besides."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, Display) or super().has_permission(request, view)


class MayAssign(KioskAllowed):
    """As kiosks; a staff user needs the permission to show pictures on walls as well, where kiosks need a key."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not super().has_permission(request, view):
            return False
        by_kiosk = settings.KIOSK_ACCESS == "open" or isinstance(request.auth, Kiosk)
        return by_kiosk or request.user.has_perm("garden.change_assignment")


class KioskThrottle(ScopedRateThrottle):
    """`throttle_scope` of the view names the rate. DRF's own throttle stores the time of every request."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        self.scope = getattr(view, self.scope_attr)
        self.num_requests, self.duration = self.parse_rate(self.get_rate())
        if self.num_requests is None or self.duration is None:
            return True
        key = self.get_cache_key(request, view)
        allowed = count(key, self.duration) <= self.num_requests
        self._seconds_left = 0.0 if allowed else seconds_left(key)
        return allowed

    def wait(self) -> float:
        return self._seconds_left

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """Kiosks and displays count for themselves, wherever they ask from."""
        device = request.auth if isinstance(request.auth, Model) else None
        who = f"{device._meta.label_lower}-{device.pk}" if device else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": who}


class KioskView(APIView):
    """What every visitor-side route shares: kiosk keys and a throttle."""

    permission_classes = [KioskAllowed]
    throttle_classes = [KioskThrottle]
    throttle_scope = "garden"


MOMENT = r"[a-z][a-z_-]{0,31}"


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
        summary="A kiosk or a wall screen reports its state",
        description="A screen that is not known yet is registered, where its zone exists. Without `display` it is the "
        "kiosk of the request; it is not kept where the kiosk is unknown. A display's key names its display.",
        request=HeartbeatSerializer,
        responses={204: None, 404: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        report = _report_of(request.auth, validated(HeartbeatSerializer, request.data))
        store_heartbeat(kiosk=kiosk_of(request), report=report)
        return Response(status=204)


def _report_of(device: Any, report: dict[str, Any]) -> dict[str, Any]:
    """A display reports of itself alone."""
    if not isinstance(device, Display):
        return report
    if report["display"] not in ("", device.slot):
        raise PermissionDenied(f"This key belongs to the display {device.slot}.")
    return {**report, "display": device.slot}


class SouvenirRequestSerializer(serializers.Serializer[Any]):
    key = StringField(max_length=KEY_MAX_LENGTH, help_text="The key or URL of a published picture.")


class SouvenirSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="Where a phone opens it; empty where no phone could.")
    code_svg = serializers.CharField(help_text="Its QR code, an SVG document; empty without an address.")


class NoSouvenirsError(GardenError):
    """The site does not let visitors take pictures home."""

    code = "no_souvenirs"
    status = 404


class SouvenirView(KioskView):
    @extend_schema(
        summary="A short link to a picture",
        description="Asked again for the same picture it gives the same link, while half of its life is left.",
        request={"application/json": SouvenirRequestSerializer},
        responses={200: SouvenirSerializer, 404: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        if not settings.SOUVENIR_DAYS:
            raise NoSouvenirsError("This garden gives no souvenirs: SOUVENIR_DAYS is 0.")
        key = validated(SouvenirRequestSerializer, request.data)["key"]
        image = Image.objects.viewable().by_key_or_url([key]).get(key)
        if image is None:
            raise UnknownPictureError("This picture is not in the garden.", key=key)
        address = souvenir_address(request._request, link_for(image))
        return Response({"url": address, "code_svg": qr_file_of(address) if address else ""})
