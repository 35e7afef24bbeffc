"""Serializers of picture requests and jobs."""

import json
from typing import Any

from django.conf import settings
from rest_framework import serializers

from garden.api.fields import StringField, validated
from garden.vocabulary import Emotion
from generation.engines.base import RESOLUTIONS
from generation.models import GenerationJob
from generation.models.job import JobState, SlotState
from generation.queue.progress import time_left

MAX_PICTURES = 16
USUAL = ", ".join(f"{width}×{height}" for width, height in RESOLUTIONS)


class Text2ImageSerializer(serializers.Serializer[Any]):
    """`text` alone makes one picture of 768×512; with `width` and `height` the response is a list."""

    text = StringField(max_length=10_000)
    width = serializers.IntegerField(min_value=1, max_value=16_384, required=False, help_text=f"The usual: {USUAL}.")
    height = serializers.IntegerField(min_value=1, max_value=16_384, required=False)
    negative = StringField(max_length=10_000, required=False, allow_blank=True, default="")
    steps = serializers.IntegerField(min_value=1, max_value=500, required=False, allow_null=True, default=None)
    guidance = serializers.FloatField(min_value=0, max_value=100, required=False, allow_null=True, default=None)
    seed = serializers.IntegerField(min_value=0, max_value=2**32 - 1, required=False)
    num_images = serializers.IntegerField(min_value=1, max_value=MAX_PICTURES, required=False, default=1)
    engine = StringField(max_length=64, required=False, default="")
    model = StringField(max_length=255, required=False, allow_blank=True, default="")

    def validate_engine(self, value: str) -> str:
        if value and value not in settings.GENERATION_ENGINES:
            raise serializers.ValidationError(f"It must be one of {', '.join(settings.GENERATION_ENGINES)}.")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("width" in attrs) != ("height" in attrs):
            raise serializers.ValidationError({"height": "Send width and height together, or neither."})
        return attrs


class Text2ImageAnswerSerializer(serializers.Serializer[Any]):
    statusCode = serializers.IntegerField()
    body = serializers.CharField(help_text="A URL; with width and height, a JSON string of a list of URLs.")
    time = serializers.FloatField(required=False, help_text="Seconds.")


class StillWorkingSerializer(serializers.Serializer[Any]):
    job = serializers.UUIDField()
    url = serializers.URLField(help_text="Poll this.")


class BulkPromptSerializer(serializers.Serializer[Any]):
    emotion = serializers.ChoiceField(choices=[emotion.value for emotion in Emotion])
    emotionText = StringField(max_length=500, required=False, allow_blank=True, default="")
    favorite = StringField(max_length=255, required=False, allow_blank=True, default="")
    others = StringField(max_length=10_000, required=False, allow_blank=True, default="")


class BulkSerializer(serializers.Serializer[Any]):
    """The seeds' bulk request: `prompt` is a JSON string."""

    index = serializers.IntegerField(min_value=0, max_value=1_000_000)
    prompt = StringField(max_length=20_000, help_text='{"emotion", "emotionText", "favorite", "others"}')
    fname = StringField(max_length=900)

    def validate_prompt(self, value: str) -> dict[str, Any]:
        try:
            read = json.loads(value)
        except ValueError as error:
            raise serializers.ValidationError("It must be a JSON string.") from error
        if not isinstance(read, dict):
            raise serializers.ValidationError("It must be the JSON string of an object.")
        return validated(BulkPromptSerializer, read)


class BulkAnswerSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    prompt = serializers.CharField()
    fname = serializers.CharField()
    job = serializers.UUIDField()


class JobSerializer(serializers.Serializer[GenerationJob]):
    """State of a job. `images` is only in the response for a single job."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    state = serializers.ChoiceField(JobState.choices, help_text="Finished once no slot is open.")
    control = serializers.CharField(help_text="Requested by a person: active, paused or cancelled.")
    priority = serializers.IntegerField()
    createdAt = serializers.DateTimeField(source="created_at")
    slots = serializers.SerializerMethodField()
    secondsLeft = serializers.SerializerMethodField()

    def get_slots(self, job: GenerationJob) -> dict[str, int]:
        states = {state: getattr(job, f"{state}_slots") for state in SlotState.values}
        return {"all": getattr(job, "all_slots"), **states}  # noqa: B009

    def get_secondsLeft(self, job: GenerationJob) -> float | None:
        left = time_left(job)
        return None if left is None else round(left.total_seconds(), 1)
