"""`/grow`: a picture that grows for a visitor, asked for by the kiosk, watched, and given up."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.fields import FavoriteField, StringUUIDField, validated
from garden.api.kiosks import KioskView
from garden.api.serializers import ErrorSerializer
from garden.vocabulary import Emotion, Orientation
from generation.growing import STAGES_SECONDS, grow_picture, read_growth, read_stage, stop_growth
from generation.models.job import SlotState


class GrowRequestSerializer(serializers.Serializer[Any]):
    id = StringUUIDField(help_text="Of this request: sent again, it grows no second picture.")
    emotion = serializers.ChoiceField(choices=[emotion.value for emotion in Emotion])
    favorite = FavoriteField(required=False, default="", help_text="One that pictures of this emotion show.")
    orientation = serializers.ChoiceField(
        choices=[orientation.value for orientation in Orientation], default=Orientation.LANDSCAPE.value
    )


class GrowingSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Of the growing picture, for the other routes.")


class GrownPictureSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    emotion = serializers.CharField(help_text="`emotion` or `emotion/favorite`")
    url = serializers.CharField(help_text="Of its last stage, for a few minutes.")
    canLeave = serializers.BooleanField(help_text="Whether it may be taken home and sent to the wall now.")


class GrowthSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=SlotState.values)
    ahead = serializers.IntegerField(help_text="Pictures of other visitors that are made before it.")
    stages = serializers.IntegerField(help_text="How many stages can be shown; the last one is the finished picture.")
    picture = GrownPictureSerializer(allow_null=True, help_text="Null until it is finished.")


class GrowView(KioskView):
    throttle_scope = "grow"

    @extend_schema(
        summary="Grow a picture for a visitor",
        description="A picture that has never existed, made while the visitor watches. Ask `GET /grow/{id}` for its "
        "stages. It waits in the pool for a curator's review.",
        request={"application/json": GrowRequestSerializer},
        responses={202: GrowingSerializer, 403: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        data = validated(GrowRequestSerializer, request.data)
        job = grow_picture(
            request_id=data["id"],
            emotion=Emotion(data["emotion"]),
            favorite=data["favorite"],
            orientation=Orientation(data["orientation"]),
        )
        return Response({"id": str(job.pk)}, status=202)


class GrowthView(KioskView):
    throttle_scope = "growth"

    @extend_schema(summary="How far a growing picture is", responses={200: GrowthSerializer})
    def get(self, request: Request, pk: UUID) -> Response:
        growth = read_growth(pk)
        image = growth.image
        picture = image and {
            "key": image.key,
            "emotion": image.emotion_path,
            "url": reverse("growth-stage", args=[pk, growth.stages]),
            "canLeave": settings.GROWN_UNREVIEWED,
        }
        return Response({"state": growth.state, "ahead": growth.ahead, "stages": growth.stages, "picture": picture})

    @extend_schema(summary="Give a growing picture up", responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        stop_growth(pk)
        return Response(status=204)


class GrowthStageView(KioskView):
    throttle_scope = "growth"

    @extend_schema(
        parameters=[OpenApiParameter("number", {"type": "integer", "minimum": 1, "maximum": 99}, "path")],
        operation_id="grow_stage",
        summary="A stage of a growing picture",
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: UUID, number: int) -> HttpResponse:
        headers = {"Cache-Control": f"private, max-age={STAGES_SECONDS}"}
        return HttpResponse(read_stage(pk, number), content_type="image/jpeg", headers=headers)
