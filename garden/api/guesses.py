"""Where a kiosk says whether its guess of a mood was right."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.serializers import ErrorSerializer
from garden.api.views import KioskView
from garden.models import GuessCount, Kiosk
from garden.vocabulary import Emotion, Reader


class GuessSerializer(serializers.Serializer[Any]):
    guessed = serializers.ChoiceField(choices=[emotion.value for emotion in Emotion])
    said = serializers.ChoiceField(choices=[emotion.value for emotion in Emotion])


class GuessView(KioskView):
    @extend_schema(
        summary="A visitor says whether the guess was right",
        description="Counted by week and by who read the face, without the visitor, the kiosk or the time.",
        request={"application/json": GuessSerializer},
        responses={204: None, 400: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        answer = GuessSerializer(data=request.data)
        answer.is_valid(raise_exception=True)
        reader = request.auth.reader if isinstance(request.auth, Kiosk) else Reader.SERVER
        GuessCount.objects.note(**answer.validated_data, reader=reader)
        return Response(status=204)
