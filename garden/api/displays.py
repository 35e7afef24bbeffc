"""Pictures on walls: shown, sent, and fetched; and the manifest that walls follow."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from garden.api.fields import KEY_MAX_LENGTH, KeysField, StringField, validated
from garden.api.kiosks import KioskView, MayAssign, kiosk_of
from garden.api.serializers import ErrorSerializer
from garden.models import Assignment, Kiosk
from garden.models.wall import SLOTS, Source
from garden.storage.serving import picture_file
from garden.vocabulary import Orientation
from garden.walls.manifest import manifest_of, read_version
from garden.walls.service import NoWallError, UnknownZoneError, assign, find_pictures, find_zone, send, zone_for
from garden.walls.slots import slot_name, slot_place

AT_ONCE = 3
"""Pictures that a visitor sends at a time: as many as a kiosk shows."""


class SlotsField(KeysField):
    """One for each slot from the first on; null leaves its slot alone."""

    child = StringField(max_length=KEY_MAX_LENGTH, allow_null=True)


class DisplaySerializer(serializers.Serializer[Any]):
    """A list that is missing leaves its orientation alone; fewer than eight keys fill the slots from the first on."""

    zone = StringField(max_length=200)
    landscape = SlotsField(max_length=len(SLOTS), required=False, allow_null=True, help_text="For slots 1h to 8h.")
    portrait = SlotsField(max_length=len(SLOTS), required=False, allow_null=True, help_text="For slots 1v to 8v.")


class SentSerializer(serializers.Serializer[Any]):
    keys = KeysField(min_length=1, max_length=AT_ONCE)


class AssignedSerializer(serializers.Serializer[Any]):
    zone = serializers.CharField()
    title = serializers.CharField()
    version = serializers.IntegerField(help_text="Of the zone, with these pictures.")
    slots = serializers.ListField(child=serializers.CharField(), help_text="`3h`: where each picture is shown now.")


class ManifestSlotSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    url = serializers.CharField(help_text="A path of this site.")
    sha256 = serializers.CharField(help_text="Of the file, in hex.")
    emotion = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    souvenir = serializers.CharField(help_text="The address of its souvenir where walls show codes; otherwise empty.")
    stages = serializers.ListField(
        child=serializers.CharField(), help_text="Paths of how it grew, where walls show that; otherwise empty."
    )
    layers = serializers.ListField(
        child=serializers.CharField(),
        help_text="Paths of what is far and what is near, where walls move these layers; otherwise empty.",
    )


class ManifestSerializer(serializers.Serializer[Any]):
    zone = serializers.CharField()
    title = serializers.CharField()
    version = serializers.IntegerField()
    issued_at = serializers.DateTimeField()
    dark = serializers.BooleanField()
    shows_code = serializers.BooleanField()
    slots = serializers.DictField(child=ManifestSlotSerializer(), help_text="By slot: `3h`.")


class UpdateDisplayView(KioskView):
    permission_classes = [MayAssign]

    @extend_schema(
        summary="Show pictures in a zone",
        description="All or nothing: an unknown key or zone changes nothing.",
        request={"application/json": DisplaySerializer},
        responses={
            (200, "text/plain"): OpenApiResponse(OpenApiTypes.STR, description="sucess"),
            404: ErrorSerializer,
        },
    )
    def post(self, request: Request) -> HttpResponse:
        data = validated(DisplaySerializer, request.data)
        zone, keys = find_zone(data["zone"]), _keys_by_slot(data)
        if keys:
            pictures = dict(zip(keys, find_pictures(list(keys.values())), strict=True))
            assign(zone, pictures, source=Source.API, by=_name_of(request))
        return HttpResponse("sucess", content_type="text/plain")


class SendToWallView(KioskView):
    @extend_schema(
        summary="Send pictures to the wall",
        description="Each takes the slot of its orientation where a picture was shown longest, in the kiosk's zone.",
        request={"application/json": SentSerializer},
        responses={200: AssignedSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        keys = validated(SentSerializer, request.data)["keys"]
        zone = zone_for(kiosk_of(request))
        if zone is None:
            raise NoWallError("There is no wall to send to from here.")
        images = find_pictures(keys)
        slots = send(zone, images, source=Source.VISITOR, by=_name_of(request))
        return Response({"zone": zone.name, "title": zone.title, "version": zone.version, "slots": slots})


class OpenView(APIView):
    """What a wall shows is public. Every screen requests it once a second, so no account is looked up."""

    authentication_classes = []
    permission_classes = []


class ManifestView(OpenView):
    @extend_schema(
        summary="What is shown in a zone",
        description="Its ETag is the zone's version.",
        responses={200: ManifestSerializer, 304: None},
    )
    def get(self, request: Request, zone: str) -> HttpResponseBase:
        moment = read_version(zone)
        if moment is None:
            raise UnknownZoneError(f"There is no zone {zone!r}.", zone=zone)
        known = _known(request, f'"{moment[0]}"')
        if known is not None:
            return known
        manifest = manifest_of(zone, moment, settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/"))
        if manifest is None:
            raise UnknownZoneError(f"There is no zone {zone!r} any more.", zone=zone)
        return _fresh(HttpResponse(manifest.body, content_type="application/json"), f'"{manifest.version}"')


class SlotPictureView(OpenView):
    @extend_schema(
        summary="The picture of a slot",
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY, 304: None},
    )
    def get(self, request: Request, zone: str, slot: str) -> HttpResponseBase:
        orientation, number = slot_place(slot)
        shown = Assignment.objects.shown().filter(zone__name=zone, orientation=orientation, number=number)
        for key, content_hash in shown.values_list("image__key", "image__content_hash"):
            etag = f'"{content_hash}"'
            return _known(request, etag) or _fresh(picture_file(key), etag)
        raise Http404


def _keys_by_slot(data: dict[str, Any]) -> dict[str, str]:
    return {
        slot_name(orientation, number): key
        for orientation in Orientation
        for number, key in enumerate(data.get(orientation.value) or [], 1)
        if key is not None
    }


def _name_of(request: Request) -> str:
    """Of the kiosk or the staff user; a visitor's is never known here."""
    if isinstance(request.auth, Kiosk):
        return request.auth.name
    return request.user.get_username() if request.user else ""


def _known(request: Request, etag: str) -> HttpResponseBase | None:
    """The 304 for who has just this already."""
    answer = get_conditional_response(request._request, etag=etag)
    return answer and _fresh(answer, etag)


def _fresh(answer: HttpResponseBase, etag: str) -> HttpResponseBase:
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = "no-cache"
    return answer
