"""Thin views: validate, call one service, answer."""

import threading
from typing import Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from garden.api import schema  # noqa: F401  # Describes how a client authenticates.
from garden.api.fields import validated
from garden.api.formats import MemoryOnlyUploadHandler, PhotoParser
from garden.api.kiosks import VISITOR_PARAMETERS, KioskView, kiosk_of
from garden.api.serializers import (
    BetterLookSerializer,
    GardenRequestSerializer,
    GardenSerializer,
    ReadingSerializer,
    describe_reading,
)
from garden.faces.frames import MOST, Frames
from garden.faces.service import analyze_visitor
from garden.models import Image
from garden.models.image import ImageQuerySet
from garden.models.visitor import ID_MAX_LENGTH
from garden.ops.version import describe_version
from garden.privacy.consent import Policy
from garden.storage.keys import split_emotion
from garden.storage.serving import PublicUrls

PHOTO_TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/heic", "image/heif", "image/*")
"""What the body of a photo may be named; whatever else it is named, its bytes count."""


class EmotionView(KioskView):
    throttle_scope = "emotion"
    parser_classes = [MultiPartParser, PhotoParser]

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        request.upload_handlers = [MemoryOnlyUploadHandler(request)]
        return super().initialize_request(request, *args, **kwargs)

    @extend_schema(
        summary="Read a face",
        description=(
            "Bytes of a JPEG, PNG, WebP, GIF or HEIC photo in, a reading out. "
            "The photo is never kept. Up to three photos of one "
            "moment, each a multipart field `image`, are read as one: the mean of the readings of those that show the "
            "face well enough. A client that can send another photo sets `X-Look-Again` and gets 422 "
            "`better_look` with its `faults` where a guess would be worth little."
        ),
        parameters=[
            *VISITOR_PARAMETERS,
            OpenApiParameter(
                "X-Look-Again", str, OpenApiParameter.HEADER, description="`yes`: rather ask for a better look."
            ),
        ],
        request={**dict.fromkeys(PHOTO_TYPES, OpenApiTypes.BINARY), "multipart/form-data": OpenApiTypes.BINARY},
        responses={
            200: ReadingSerializer,
            (404, "text/plain"): OpenApiResponse(OpenApiTypes.STR, description="No Face"),
            422: BetterLookSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        kiosk = kiosk_of(request)
        Policy.at(kiosk).refuse_photo()  # Before it is looked at.
        visitor, reading = analyze_visitor(
            photo=_photo_in(request),
            visitor_id=visitor_id_in(request),
            kiosk=kiosk,
            consent=request.headers.get("X-Consent", ""),
            looks_again=request.headers.get("X-Look-Again", "").strip().lower() in ("yes", "true", "1"),
        )
        return Response(describe_reading(visitor.id, reading))


class GardenFromDatabaseView(KioskView):
    @extend_schema(
        summary="Pictures of an emotion, newest first",
        request={"application/json": GardenRequestSerializer},
        responses={200: GardenSerializer},
    )
    def post(self, request: Request) -> Response:
        return Response(list_garden(validated(GardenRequestSerializer, request.data), PublicUrls(request)))


def list_garden(data: dict[str, Any], url_of: PublicUrls, images: ImageQuerySet | None = None) -> dict[str, Any]:
    """The stable order: newest first, one page of each orientation; of the serving images unless others are given."""
    emotion, favorite = split_emotion(data["emotion"])
    start = data["start"]
    limit = min(data.get("limit", settings.GARDEN_MAX_IMAGES), settings.GARDEN_MAX_IMAGES)
    garden = (Image.objects.serving() if images is None else images).of_emotion(emotion, favorite).newest_first()
    return {
        orientation: [{"url": url_of(key), "emotion": data["emotion"], "key": key} for key in keys]
        for orientation, keys in garden.keys_by_orientation(start, start + limit).items()
    }


def visitor_id_in(request: Request) -> str:
    visitor_id = request.headers.get("X-user-id", "").strip()
    if len(visitor_id) > ID_MAX_LENGTH:
        raise ValidationError({"X-user-id": [f"Ensure this field has no more than {ID_MAX_LENGTH} characters."]})
    return visitor_id


def _photo_in(request: Request) -> bytes:
    uploads = request.FILES.getlist("image")
    if not uploads:
        raise ValidationError({"image": ["Send the photo as the body, or as the multipart field `image`."]})
    if len(uploads) > MOST:
        raise ValidationError({"image": [f"Send at most {MOST} photos of one moment."]})
    frames = Frames.of([upload.read() for upload in uploads])
    for upload in uploads:
        upload.file.close()  # A ContentFile's own `close` does nothing.
    return frames


class VersionSerializer(serializers.Serializer[Any]):
    version = serializers.CharField(help_text="Of the program.")
    api = serializers.CharField(help_text="Of these routes.")
    schema = serializers.DictField(child=serializers.CharField(), help_text="The newest migration of each app.")
    pending = serializers.ListField(child=serializers.CharField(), help_text="Migrations that the database lacks.")


class VersionView(APIView):
    permission_classes = [AllowAny]
    authentication_classes = []

    @extend_schema(summary="Version of the program, the API and the database", responses={200: VersionSerializer})
    def get(self, request: Request) -> Response:
        return Response(describe_version(), headers={"Cache-Control": "no-store"})


_one_at_a_time = threading.Lock()


class DocumentView(SpectacularAPIView):
    """drf-spectacular loads its extensions at first use and is not made for two first users at once."""

    def _get_schema_response(self, request: Request) -> Response:
        with _one_at_a_time:
            answer: Response = super()._get_schema_response(request)  # type: ignore[no-untyped-call]
            return answer
