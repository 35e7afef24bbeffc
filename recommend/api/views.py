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
    LIKE,
    NOTHING_LIKED,
    UNLIKE,
    WISH,
    GardenWishSerializer,
    LikeSerializer,
    RecommendedGardenSerializer,
    describe_garden,
    validated,
)
from recommend.services.gardens import GardenWish, recommend_garden
from recommend.services.likes import Like, record_like


class GardenView(KioskView):
    throttle_scope = "garden"

    @extend_schema(
        summary="A garden for a visitor",
        description="Pictures of an emotion in the order this visitor will enjoy most.",
        request={"application/json": GardenWishSerializer},
        responses={200: RecommendedGardenSerializer, 400: ErrorSerializer},
        examples=[WISH, GARDEN],
    )
    def post(self, request: Request) -> Response:
        asked = validated(GardenWishSerializer, request.data)
        garden = recommend_garden(wish=_wish(asked), kiosk=_kiosk_of(request))
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


def _wish(asked: dict[str, Any]) -> GardenWish:
    return GardenWish(
        visitor_id=asked.get("id") or "",
        emotion=asked.get("emotion") or "",
        generation=asked.get("generation") or "",
        gender=asked.get("gender") or "",
        start=asked["start"],
        limit=asked.get("limit"),
        continues=asked.get("recommendationId"),
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
