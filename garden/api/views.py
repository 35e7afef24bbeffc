"""Thin views: validate, call one service, answer."""

from typing import Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from garden.api.parsers import PhotoParser
from garden.api.permissions import KioskAllowed
from garden.api.serializers import (
    ErrorSerializer,
    GardenRequestSerializer,
    GardenSerializer,
    ReadingSerializer,
    describe_reading,
)
from garden.api.throttles import KioskThrottle
from garden.api.uploads import MemoryOnlyUploadHandler
from garden.models import Image, Kiosk
from garden.models.image import ImageQuerySet
from garden.models.visitor import ID_MAX_LENGTH
from garden.services import read_visitor
from garden.storage.keys import split_emotion
from garden.storage.urls import PublicUrls


class KioskView(APIView):
    """What every visitor-side route shares: kiosk keys and a throttle."""

    permission_classes = [KioskAllowed]
    throttle_classes = [KioskThrottle]
    throttle_scope = "garden"


class EmotionView(KioskView):
    throttle_scope = "emotion"
    parser_classes = [MultiPartParser, PhotoParser]

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        request.upload_handlers = [MemoryOnlyUploadHandler(request)]
        return super().initialize_request(request, *args, **kwargs)

    @extend_schema(
        summary="Read a face",
        description="Bytes of a JPEG, PNG or WebP photo in, a reading out. The photo is never kept.",
        parameters=[OpenApiParameter("X-user-id", str, OpenApiParameter.HEADER, description="Who the visitor is.")],
        request={"image/*": OpenApiTypes.BINARY, "multipart/form-data": OpenApiTypes.BINARY},
        responses={
            200: ReadingSerializer,
            (404, "text/plain"): OpenApiResponse(OpenApiTypes.STR, description="No Face"),
            400: ErrorSerializer,
            413: ErrorSerializer,
            503: ErrorSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        kiosk = request.auth if isinstance(request.auth, Kiosk) else None
        visitor, reading = read_visitor(photo=_photo_in(request), visitor_id=_visitor_id_in(request), kiosk=kiosk)
        return Response(describe_reading(visitor.id, reading, settings.BUCKET_NAME))


class GardenFromDatabaseView(KioskView):
    @extend_schema(
        summary="Pictures of an emotion, newest first",
        request={"application/json": GardenRequestSerializer},
        responses={200: GardenSerializer, 400: ErrorSerializer},
        examples=[OpenApiExample("A page", value={"emotion": "calm/cat", "start": 0, "limit": 30}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        asked = GardenRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(list_garden(asked.validated_data, PublicUrls(request)))


def list_garden(asked: dict[str, Any], url_of: PublicUrls, images: ImageQuerySet | None = None) -> dict[str, Any]:
    """The stable order: newest first, one page of each orientation; of the serving images unless others are given."""
    emotion, favorite = split_emotion(asked["emotion"])
    start = asked["start"]
    limit = min(asked.get("limit", settings.GARDEN_MAX_IMAGES), settings.GARDEN_MAX_IMAGES)
    garden = (Image.objects.serving() if images is None else images).of_emotion(emotion, favorite).newest_first()
    return {
        orientation: [{"url": url_of(key), "emotion": asked["emotion"], "key": key} for key in keys]
        for orientation, keys in garden.keys_by_orientation(start, start + limit).items()
    }


def _visitor_id_in(request: Request) -> str:
    visitor_id = request.headers.get("X-user-id", "").strip()
    if len(visitor_id) > ID_MAX_LENGTH:
        raise ValidationError({"X-user-id": [f"Ensure this field has no more than {ID_MAX_LENGTH} characters."]})
    return visitor_id


def _photo_in(request: Request) -> bytes:
    uploads = request.FILES.getlist("image")
    if not uploads:
        raise ValidationError({"image": ["Send the photo as the body, or as the multipart field `image`."]})
    content: bytes = uploads[0].read()
    return content
