"""A kiosk's own reading as it is sent: the JSON that `/emotion` answers, without what only the server knows."""

from typing import Any

from rest_framework import serializers

from garden.api.serializers import ReadingSerializer
from garden.emotion.base import NOT_JUDGED, Attribute, FaceReading
from garden.vocabulary import Emotion, Gender, Reader

LONGEST = 2_000
"""Bytes. A reading has some five hundred; the smallest photo of a face that shows one has more than this."""
JUDGED = {
    "smile": "smile",
    "eyeglasses": "eyeglasses",
    "sunglasses": "sunglasses",
    "beard": "beard",
    "mustache": "mustache",
    "eyesOpen": "eyes_open",
    "mouthOpen": "mouth_open",
}
"""Properties of a face: their names in JSON, and in a reading."""


class NumberField(serializers.FloatField):
    """A JSON number, and no words that Python would take for one."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class YearField(serializers.IntegerField):
    """A whole JSON number."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class JudgedField(serializers.BooleanField):
    """true, false, or null where it is not judged."""

    def __init__(self) -> None:
        super().__init__(allow_null=True, required=False, default=None, help_text="null: not judged")

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=type(data).__name__)
        return data


class StrictSerializer(serializers.Serializer[Any]):
    """Takes what it knows and nothing else: what a reading has no word for is no reading."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, dict) else []
        if unknown:
            raise serializers.ValidationError({name: ["A reading has no such field."] for name in unknown})
        return super().to_internal_value(data)


class OwnAgeRangeSerializer(StrictSerializer):
    Low = YearField(min_value=0, max_value=150)
    High = YearField(min_value=0, max_value=150)


class ScoresSerializer(StrictSerializer):
    """All eight moods."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {emotion.value: NumberField() for emotion in Emotion}


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
    faces = YearField(min_value=1, max_value=1_000, help_text="How many faces were seen.")
    confidence = NumberField(help_text="The detector's confidence in the face, 0 … 1.")
    smile = JudgedField()
    eyeglasses = JudgedField()
    sunglasses = JudgedField()
    beard = JudgedField()
    mustache = JudgedField()
    eyesOpen = JudgedField()
    mouthOpen = JudgedField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        scores = attrs["emotionScores"]
        if scores[attrs["emotions"].lower()] < max(scores.values()):
            raise serializers.ValidationError({"emotions": ["This is not the strongest of emotionScores."]})
        return attrs


class TakenReadingSerializer(ReadingSerializer):
    """The answer of `/emotion`, marked as what a kiosk read itself."""

    source = serializers.ChoiceField(choices=[Reader.IN_BROWSER.value])  # type: ignore[assignment]
    reader = serializers.CharField(help_text="The program and its version.")


def reading_of(said: dict[str, Any]) -> FaceReading:
    """Of validated data. How sure a kiosk is of what it judges is not told: as sure as a coin at least."""
    judged: dict[str, Any] = {name: _attribute(said[field]) for field, name in JUDGED.items()}
    return FaceReading(
        scores={emotion: said["emotionScores"][emotion.value] for emotion in Emotion},
        age_low=said["ageRange"]["Low"],
        age_high=said["ageRange"]["High"],
        gender=Gender(said["gender"]),
        faces=said["faces"],
        confidence=said["confidence"],
        **judged,
    )


def _attribute(value: bool | None) -> Attribute:
    return NOT_JUDGED if value is None else Attribute(value=value, confidence=0.5)
