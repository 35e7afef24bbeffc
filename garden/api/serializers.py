"""The shapes of requests and answers; they are the contract with kiosks."""

from typing import Any

from rest_framework import serializers

from garden.api.fields import EmotionTextField, StringField
from garden.faces.base import FaceReading
from garden.faces.quality import Fault
from garden.faces.service import faults_of
from garden.vocabulary import Gender, Generation


class AgeRangeSerializer(serializers.Serializer[Any]):
    Low = serializers.IntegerField()
    High = serializers.IntegerField()


class QualitySerializer(serializers.Serializer[Any]):
    """How well the face could be seen; what was not measured is left out."""

    sharpness = serializers.FloatField(required=False, help_text="0 … 1, as the analyzer measures it")
    brightness = serializers.FloatField(required=False, help_text="0 … 1")
    glare = serializers.FloatField(required=False, help_text="0 … 1, the part burnt white by a reflection")
    eye_distance = serializers.FloatField(required=False, help_text="Pixels of the photo")
    yaw = serializers.FloatField(required=False, help_text="Degrees, positive to the person's own left")
    pitch = serializers.FloatField(required=False, help_text="Degrees, positive upwards")
    roll = serializers.FloatField(required=False, help_text="Degrees, positive clockwise as seen")
    covered = serializers.FloatField(required=False, help_text="0 … 1, how likely something hides a part of the face")
    live = serializers.FloatField(required=False, help_text="0 … 1, how likely it is no picture of a person")
    beside = serializers.IntegerField(required=False, help_text="Other faces about as large")


class ReadingSerializer(serializers.Serializer[Any]):
    """What `/emotion` answers (the seed's JSON, and fields of ours). Null: not judged by this site's analyzer."""

    id = serializers.CharField()
    bucket = serializers.CharField(help_text="Kept for old clients; nothing is stored there.")
    key = serializers.CharField(help_text="Kept for old clients; nothing is stored there.")
    ageRange = AgeRangeSerializer()
    smile = serializers.BooleanField(allow_null=True)
    eyeglasses = serializers.BooleanField(allow_null=True)
    sunglasses = serializers.BooleanField(allow_null=True)
    gender = serializers.ChoiceField(choices=[g.value for g in Gender])
    beard = serializers.BooleanField(allow_null=True)
    mustache = serializers.BooleanField(allow_null=True)
    eyesOpen = serializers.BooleanField(help_text="Open eyes are seen; false also where `eyesSeen` is false.")
    eyesSeen = serializers.BooleanField(help_text="False: not judged, as behind sunglasses.")
    mouthOpen = serializers.BooleanField(allow_null=True)
    emotions = serializers.CharField(help_text="The strongest emotion, upper case.")
    generation = serializers.ChoiceField(choices=[g.value for g in Generation])
    emotionScores = serializers.DictField(child=serializers.FloatField(), help_text="All eight, summing to 1.")
    faces = serializers.IntegerField(help_text="How many faces are in the photo; the largest one is read.")
    confidence = serializers.FloatField(help_text="The detector's confidence in the face, 0 … 1.")
    quality = QualitySerializer(allow_null=True, help_text="Null where the analyzer measures none.")
    faults = serializers.ListField(
        child=serializers.ChoiceField(choices=[fault.value for fault in Fault]),
        help_text="What a better look would mend, the first first; empty: the face was seen well enough.",
    )


BUCKET = "emotion-garden"
"""For clients of the seeds, which name a bucket; nothing is stored there."""


def describe_reading(visitor_id: str, reading: FaceReading) -> dict[str, Any]:
    """The answer of `/emotion`, field for field."""
    return {
        "id": visitor_id,
        "bucket": BUCKET,
        "key": f"profile/{visitor_id}.jpeg",
        "ageRange": {"Low": reading.age_low, "High": reading.age_high},
        "smile": reading.smile.value,
        "eyeglasses": reading.eyeglasses.value,
        "sunglasses": reading.sunglasses.value,
        "gender": reading.gender.value,
        "beard": reading.beard.value,
        "mustache": reading.mustache.value,
        "eyesOpen": bool(reading.eyes_open.value),
        "eyesSeen": reading.eyes_open.value is not None,
        "mouthOpen": reading.mouth_open.value,
        "emotions": reading.emotion.value.upper(),
        "generation": reading.generation.value,
        "emotionScores": {emotion.value: round(score, 4) for emotion, score in reading.scores.items()},
        "faces": reading.faces,
        "confidence": round(reading.confidence, 4),
        "quality": reading.quality and reading.quality.as_data(),
        "faults": [fault.value for fault in faults_of(reading)],
    }


class GardenRequestSerializer(serializers.Serializer[Any]):
    """The request of a kiosk for a garden. Only `emotion` is required by `/gardenfromDB`."""

    id = StringField(max_length=256, required=False, allow_blank=True, allow_null=True)
    emotion = EmotionTextField()
    generation = StringField(max_length=16, required=False, allow_blank=True, allow_null=True)
    gender = StringField(max_length=8, required=False, allow_blank=True, allow_null=True)
    start = serializers.IntegerField(min_value=0, max_value=1_000_000_000, required=False, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=1_000_000_000, required=False)


class GardenImageSerializer(serializers.Serializer[Any]):
    url = serializers.URLField()
    emotion = serializers.CharField(help_text="`emotion` or `emotion/favorite`")
    key = serializers.CharField(required=False)


class GardenSerializer(serializers.Serializer[Any]):
    landscape = GardenImageSerializer(many=True)
    portrait = GardenImageSerializer(many=True)


class ErrorSerializer(serializers.Serializer[Any]):
    """Every error: what happened (a code for programs, a sentence for people)."""

    code = serializers.CharField()
    detail = serializers.CharField()


class BetterLookSerializer(ErrorSerializer):
    """A face is there, but not seen well enough."""

    faults = serializers.ListField(child=serializers.ChoiceField(choices=[fault.value for fault in Fault]))
    quality = QualitySerializer()


def errors(*statuses: int) -> dict[int, type[ErrorSerializer]]:
    """For the document: what a route may refuse, beside its answers."""
    return dict.fromkeys(statuses, ErrorSerializer)
