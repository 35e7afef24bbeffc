"""What kiosks send about faces: what they read by themselves, and whether a guess was right. No photo comes here."""

import io
from collections.abc import Mapping
from typing import IO, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.fields import validated
from garden.api.formats import AnyTypeJSONParser
from garden.api.kiosks import VISITOR_PARAMETERS, KioskView, kiosk_of
from garden.api.serializers import ReadingSerializer, describe_reading
from garden.api.views import visitor_id_in
from garden.errors import GardenError
from garden.faces.base import ATTRIBUTES, NOT_JUDGED, Attribute, FaceReading
from garden.faces.service import take_reading
from garden.models import DailyCount
from garden.privacy.consent import Policy
from garden.vocabulary import Emotion, Gender, Reader

LONGEST = 2_000
"""Bytes. A reading has some five hundred; the smallest photo of a face that shows one has more than this."""
OLDEST = 120
MOST_FACES = 100
ROUNDING = 0.01
"""How far the eight scores may be from summing to 1: each may be rounded to three places."""


class NumberField(serializers.FloatField):
    """A JSON number, and no words that Python would take for one."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        try:
            return super().to_internal_value(data)
        except OverflowError:
            self.fail("invalid")


class WholeField(serializers.IntegerField):
    """A whole JSON number."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class JudgedField(serializers.BooleanField):
    """true, false, or null where it is not judged."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, required=False, default=None, help_text="null: not judged", **options)

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=type(data).__name__)
        return data


class StrictSerializer(serializers.Serializer[Any]):
    """Unknown fields are refused."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, dict) else []
        if unknown:
            raise serializers.ValidationError({name: ["A reading has no such field."] for name in unknown})
        return super().to_internal_value(data)


class OwnAgeRangeSerializer(StrictSerializer):
    Low = WholeField(min_value=0, max_value=OLDEST)
    High = WholeField(min_value=0, max_value=OLDEST)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["Low"] >= attrs["High"]:
            raise serializers.ValidationError({"Low": ["The low is below the high."]})
        return attrs


class ScoresSerializer(StrictSerializer):
    """All eight moods."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {emotion.value: NumberField(min_value=0, max_value=1) for emotion in Emotion}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if abs(sum(attrs.values()) - 1) > ROUNDING:
            raise serializers.ValidationError({"sum": ["They sum to 1."]})
        return attrs


class OwnReadingSerializer(StrictSerializer):
    reader = serializers.RegexField(
        r"^[a-z][a-z0-9-]{1,15} \d{1,4}(\.\d{1,4}){1,2}\Z", help_text="The program and its version: `human 3.3.6`."
    )
    ageRange = OwnAgeRangeSerializer()
    gender = serializers.ChoiceField(choices=[gender.value for gender in Gender])
    emotions = serializers.ChoiceField(
        choices=[emotion.value.upper() for emotion in Emotion], help_text="The strongest of `emotionScores`."
    )
    emotionScores = ScoresSerializer(help_text="All eight, summing to 1.")
    faces = WholeField(min_value=1, max_value=MOST_FACES, help_text="How many faces were seen.")
    confidence = NumberField(min_value=0, max_value=1, help_text="The detector's confidence in the face, 0 … 1.")
    smile = JudgedField()
    eyeglasses = JudgedField()
    sunglasses = JudgedField()
    beard = JudgedField()
    mustache = JudgedField()
    eyesOpen = JudgedField(source="eyes_open")
    mouthOpen = JudgedField(source="mouth_open")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        scores = attrs["emotionScores"]
        if scores[attrs["emotions"].lower()] < max(scores.values()):
            raise serializers.ValidationError({"emotions": ["This is not the strongest of emotionScores."]})
        return attrs


class TakenReadingSerializer(ReadingSerializer):
    """The answer of `/emotion`, marked as what a kiosk read itself."""

    source = serializers.ChoiceField(choices=[Reader.IN_BROWSER.value])  # type: ignore[assignment]
    reader = serializers.CharField(help_text="The program and its version.")


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
        summary="A kiosk reports a face reading of its own",
        description=(
            "For kiosks that are set to read faces in their own page; no photo is sent. The same rules hold as for a "
            "photo: consent, age, throttle. The answer is that of `/emotion`, marked as read in the browser."
        ),
        parameters=VISITOR_PARAMETERS,
        request={"application/json": OwnReadingSerializer},
        responses={200: TakenReadingSerializer},
    )
    def post(self, request: Request) -> Response:
        kiosk = kiosk_of(request)
        Policy.at(kiosk).refuse_own_reading()
        data = validated(OwnReadingSerializer, request.data)
        reading, reader = reading_of(data), data["reader"]
        visitor = take_reading(
            reading=reading,
            reader=reader,
            visitor_id=visitor_id_in(request),
            kiosk=kiosk,
            consent=request.headers.get("X-Consent", ""),
        )
        answer = describe_reading(visitor.id, reading)
        return Response({**answer, "source": Reader.IN_BROWSER.value, "reader": reader})


class GuessSerializer(serializers.Serializer[Any]):
    guessed = serializers.ChoiceField(choices=[emotion.value for emotion in Emotion])
    said = serializers.ChoiceField(choices=[emotion.value for emotion in Emotion])


class GuessView(KioskView):
    @extend_schema(
        summary="A visitor reports whether the guess was right",
        description="Counted by week and by who read the face, without the visitor, the kiosk or the time.",
        request={"application/json": GuessSerializer},
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        kiosk = kiosk_of(request)
        guess = validated(GuessSerializer, request.data)
        DailyCount.objects.add_guess(**guess, reader=kiosk.reader if kiosk else Reader.SERVER)
        return Response(status=204)


def reading_of(data: dict[str, Any]) -> FaceReading:
    """Of validated data. How sure a kiosk is of what it judges is not known: as sure as a coin at least."""
    judged: dict[str, Any] = {
        name: NOT_JUDGED if data[name] is None else Attribute(value=data[name], confidence=0.5) for name in ATTRIBUTES
    }
    return FaceReading(
        scores={emotion: data["emotionScores"][emotion.value] for emotion in Emotion},
        age_low=data["ageRange"]["Low"],
        age_high=data["ageRange"]["High"],
        gender=Gender(data["gender"]),
        faces=data["faces"],
        confidence=data["confidence"],
        **judged,
    )
