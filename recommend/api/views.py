"""Thin views: validate, call one service, answer."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.kiosks import KioskView
from garden.api.serializers import ErrorSerializer
from garden.models import Kiosk
from garden.storage.serving import PublicUrls
from recommend.api.serializers import (
    GARDEN,
    GARDEN_REQUEST,
    LIKE,
    NOTHING_LIKED,
    UNLIKE,
    LikeSerializer,
    RecommendedGardenRequestSerializer,
    RecommendedGardenSerializer,
    describe_garden,
    validated,
)
from recommend.services.gardens import GardenRequest, recommend_garden
from recommend.services.likes import Like, record_like


class GardenView(KioskView):
    throttle_scope = "garden"

    @extend_schema(
        summary="A garden for a visitor",
        description="Pictures of an emotion in the order this visitor will enjoy most.",
        request={"application/json": RecommendedGardenRequestSerializer},
        responses={200: RecommendedGardenSerializer, 400: ErrorSerializer},
        examples=[GARDEN_REQUEST, GARDEN],
    )
    def post(self, request: Request) -> Response:
        data = validated(RecommendedGardenRequestSerializer, request.data)
        garden = recommend_garden(request=_garden_request(data), kiosk=_kiosk_of(request))
        return Response(describe_garden(garden, PublicUrls(request)))


class LikeView(KioskView):
    throttle_scope = "like"

    @extend_schema(
        summary="Like a picture",
        description="Learned from at once. Sending it again with the same `eventId`, or soon after, changes nothing.",
        request={"application/json": LikeSerializer},
        responses={
            (200, "text/plain"): OpenApiResponse(OpenApiTypes.STR, description="Success"),
            400: ErrorSerializer,
            404: ErrorSerializer,
        },
        examples=[LIKE, UNLIKE, NOTHING_LIKED],
    )
    def post(self, request: Request) -> HttpResponse:
        said = validated(LikeSerializer, request.data)
        record_like(like=_like(said), kiosk=_kiosk_of(request))
        return HttpResponse("Success", content_type="text/plain")


def _kiosk_of(request: Request) -> Kiosk | None:
    return request.auth if isinstance(request.auth, Kiosk) else None


def _garden_request(data: dict[str, Any]) -> GardenRequest:
    return GardenRequest(
        visitor_id=data.get("id") or "",
        emotion=data.get("emotion") or "",
        generation=data.get("generation") or "",
        gender=data.get("gender") or "",
        start=data["start"],
        limit=data.get("limit"),
        continues=data.get("recommendationId"),
    )


def _like(said: dict[str, Any]) -> Like:
    return Like(
        visitor_id=said["id"],
        item=said["itemId"],
        impression=said.get("impression") or (),
        liked=said["like"],
        event_id=said.get("eventId") or "",
        recommendation_id=said.get("recommendationId") or "",
    )
