"""A visitor's consent, and the deletion of a visitor who leaves."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.fields import StringField, validated
from garden.api.kiosks import KioskView, kiosk_of
from garden.models.visitor import ID_MAX_LENGTH
from garden.privacy.consent import Policy, give_consent
from garden.privacy.notices import spoken
from garden.privacy.retention import forget_visitors


class AgeSerializer(serializers.Serializer[Any]):
    atLeast = serializers.IntegerField(help_text="Years; `younger` says what applies below it.")
    younger = serializers.ChoiceField(choices=["guardian", "not-read"])


class NoticeSerializer(serializers.Serializer[Any]):
    """What is to be shown before a photo, and what is to be agreed to."""

    pack = serializers.CharField()
    notice = serializers.CharField(help_text="The version of all these words.")
    facesRead = serializers.BooleanField(help_text="No: offer the way without a camera alone.")
    required = serializers.BooleanField(  # type: ignore[assignment]
        help_text="Whether `/emotion` requires the number of a consent."
    )
    signed = serializers.BooleanField()
    words = serializers.ListField(child=serializers.CharField())
    statements = serializers.DictField(child=serializers.CharField())
    guardianStatement = serializers.DictField(child=serializers.CharField())
    age = AgeSerializer(allow_null=True)


class ConsentSerializer(serializers.Serializer[Any]):
    notice = StringField(max_length=16)
    language = StringField(max_length=16, required=False, default="en")
    statements = serializers.ListField(child=StringField(max_length=64), max_length=20, required=False)
    ofAge = serializers.BooleanField(help_text="The visitor's answer to the age question.")
    guardian = serializers.BooleanField(required=False, default=False)
    signed = serializers.BooleanField(required=False, default=False)


class ConsentNumberSerializer(serializers.Serializer[Any]):
    consent = serializers.UUIDField(help_text="Sent with the photo as `X-Consent`, for a quarter of an hour.")


class LeavingSerializer(serializers.Serializer[Any]):
    id = StringField(max_length=ID_MAX_LENGTH)


class ConsentView(KioskView):
    @extend_schema(
        summary="What is to be shown and agreed to before a photo",
        parameters=[OpenApiParameter("language", str, description="`en`, `ko`, `ja`")],
        responses={200: NoticeSerializer},
    )
    def get(self, request: Request) -> Response:
        policy = Policy.at(kiosk_of(request))
        described = policy.notice.describe(spoken(request.query_params.get("language", "")))
        return Response({**described, "facesRead": policy.reads_faces})

    @extend_schema(
        summary="A visitor agrees",
        request={"application/json": ConsentSerializer},
        responses={201: ConsentNumberSerializer},
    )
    def post(self, request: Request) -> Response:
        form = validated(ConsentSerializer, request.data)
        consent = give_consent(
            kiosk=kiosk_of(request),
            notice=form["notice"],
            language=spoken(form["language"]),
            statements=form.get("statements", []),
            of_age=form["ofAge"],
            guardian=form["guardian"],
            signed=form["signed"],
        )
        return Response({"consent": str(consent.pk)}, status=201)


class ForgetView(KioskView):
    throttle_scope = "like"

    @extend_schema(
        summary="Delete a visitor who leaves",
        description="Deletes the visitor; their likes stay without a visitor. Unknown visitors are no error.",
        request={"application/json": LeavingSerializer},
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        forget_visitors([validated(LeavingSerializer, request.data)["id"]])
        return Response(status=204)
