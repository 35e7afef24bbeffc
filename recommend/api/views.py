"""Thin views: validate, call one service, respond."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.fields import validated
from garden.api.kiosks import KioskView, kiosk_of
from garden.api.serializers import ErrorSerializer
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
)
from recommend.services.gardens import GardenRequest, recommend_garden
from recommend.services.likes import Like, record_like


class GardenView(KioskView):
    throttle_scope = "garden"

    @extend_schema(
        summary="A garden for a visitor",
        description="Pictures of an emotion, ordered for this visitor.",
        request={"application/json": RecommendedGardenRequestSerializer},
        responses={200: RecommendedGardenSerializer},
        examples=[GARDEN_REQUEST, GARDEN],
    )
    def post(self, request: Request) -> Response:
        data = validated(RecommendedGardenRequestSerializer, request.data)
        garden = recommend_garden(request=_garden_request(data), kiosk=kiosk_of(request))
        return Response(describe_garden(garden, PublicUrls(request)))


class LikeView(KioskView):
    throttle_scope = "like"

    @extend_schema(
        summary="Like a picture",
        description="The recommender learns from it at once. Repeating it changes nothing (same `eventId`, or soon).",
        request={"application/json": LikeSerializer},
        responses={
            (200, "text/plain"): OpenApiResponse(OpenApiTypes.STR, description="Success"),
            404: ErrorSerializer,
        },
        examples=[LIKE, UNLIKE, NOTHING_LIKED],
    )
    def post(self, request: Request) -> HttpResponse:
        data = validated(LikeSerializer, request.data)
        record_like(like=_like(data), kiosk=kiosk_of(request))
        return HttpResponse("Success", content_type="text/plain")


def _garden_request(data: dict[str, Any]) -> GardenRequest:
    return GardenRequest(
        visitor_id=data.get("id") or "",
        emotion=data.get("emotion") or "",
        generation=data.get("generation") or "",
        gender=data.get("gender") or "",
        start=data["start"],
        limit=data.get("limit"),
        continues=data.get("recommendationId"),
        shown=data.get("shown") or (),
    )


def _like(data: dict[str, Any]) -> Like:
    return Like(
        visitor_id=data["id"],
        item=data["itemId"],
        impression=data.get("impression") or (),
        liked=data["like"],
        event_id=data.get("eventId") or "",
        recommendation_id=data.get("recommendationId") or "",
    )
