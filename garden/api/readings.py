"""Where a kiosk that reads faces itself sends what it read. No photo comes here, and none would be taken."""

import io
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.own_readings import LONGEST, OwnReadingSerializer, TakenReadingSerializer, reading_of
from garden.api.parsers import AnyTypeJSONParser
from garden.api.serializers import ErrorSerializer, describe_reading
from garden.api.views import KioskView, visitor_id_in
from garden.emotion.soundness import flaws
from garden.errors import GardenError
from garden.models import Kiosk
from garden.privacy.policy import Policy
from garden.services import take_reading
from garden.vocabulary import Reader

_FIELDS = {"scores": "emotionScores", "age": "ageRange", "eyes_open": "eyesOpen", "mouth_open": "mouthOpen"}
"""Flaws are named as the reading has them; clients know these by other names."""


class ReadingTooLargeError(GardenError):
    """No reading is that long: whatever it is, it is not looked at."""

    code = "reading_too_large"
    status = 413


class OwnReadingParser(AnyTypeJSONParser):
    """JSON of at most LONGEST bytes."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        data = stream.read(LONGEST + 1)
        if len(data) > LONGEST:
            raise ReadingTooLargeError(f"A reading has at most {LONGEST} bytes.", max_bytes=LONGEST)
        return super().parse(io.BytesIO(data), media_type, parser_context)


class ReadingView(KioskView):
    throttle_scope = "emotion"
    parser_classes = [OwnReadingParser]

    @extend_schema(
        summary="A kiosk says what it read in a face by itself",
        description=(
            "For kiosks that are set to read faces in their own page; no photo is sent. The same rules hold as for a "
            "photo: consent, age, throttle. The answer is that of `/emotion`, marked as read in the browser."
        ),
        parameters=[
            OpenApiParameter("X-user-id", str, OpenApiParameter.HEADER, description="Who the visitor is."),
            OpenApiParameter(
                "X-Consent", str, OpenApiParameter.HEADER, description="The number of a consent, where one is required."
            ),
        ],
        request={"application/json": OwnReadingSerializer},
        responses={200: TakenReadingSerializer, 400: ErrorSerializer, 403: ErrorSerializer, 413: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        kiosk = request.auth if isinstance(request.auth, Kiosk) else None
        Policy.at(kiosk).refuse_own_reading()
        said = OwnReadingSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        reading, reader = reading_of(said.validated_data), said.validated_data["reader"]
        if wrong := flaws(reading):
            raise ValidationError({_FIELDS.get(name, name): [rule] for name, rule in wrong.items()})
        visitor = take_reading(
            reading=reading,
            reader=reader,
            visitor_id=visitor_id_in(request),
            kiosk=kiosk,
            consent=request.headers.get("X-Consent", ""),
        )
        answer = describe_reading(visitor.id, reading, settings.BUCKET_NAME)
        return Response({**answer, "source": Reader.IN_BROWSER.value, "reader": reader})
