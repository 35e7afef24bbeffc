"""What the studio is asked, and what it answers."""

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from garden.api.fields import RowIdField, StringField, StringUUIDField
from garden.vocabulary import Emotion
from generation.retouch.settings import LineMethod

LARGEST_EDIT = 200_000
MOST_SIBLINGS = 500
LARGEST_SIDE = 100_000
"""Pixels; no picture is as wide or high."""


class CropSerializer(serializers.Serializer[Any]):
    """Pixels of the picture as shown; at least 64 wide and high."""

    x = serializers.IntegerField()
    y = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class NewCanvasSerializer(serializers.Serializer[Any]):
    """JSON with `image`, or multipart with `file`."""

    image = RowIdField(required=False)
    file = serializers.FileField(required=False)
    id = StringUUIDField(required=False, help_text="Of an upload: the same one twice is one canvas.")
    title = StringField(required=False, max_length=200, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("image" in attrs) == ("file" in attrs):
            raise serializers.ValidationError({"image": "Send an image's id or a file."})
        return attrs


class EditSerializer(serializers.Serializer[Any]):
    """The part `edit` of a new version."""

    id = StringUUIDField(required=False, help_text="The same one twice is one version.")
    canvas = StringUUIDField()
    parent: Any = StringUUIDField(required=False, allow_null=True, default=None)
    crop = serializers.JSONField()
    settings = serializers.JSONField(required=False, default=dict)
    region = serializers.JSONField(required=False, default=lambda: {"kind": "mask"})
    reference_image = RowIdField(required=False)
    layers_of = StringUUIDField(required=False, help_text="Layers that are not sent come from this version.")


@extend_schema_field(EditSerializer)
class EditField(StringField):
    """A JSON string, since it travels beside files."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            read = json.loads(super().to_internal_value(data))
        except (ValueError, RecursionError) as error:
            raise serializers.ValidationError("It must be a JSON string.") from error
        edit = EditSerializer(data=read)
        edit.is_valid(raise_exception=True)
        return edit.validated_data


class NewVersionSerializer(serializers.Serializer[Any]):
    edit = EditField(max_length=LARGEST_EDIT)
    mask = serializers.FileField(required=False, help_text="PNG of the crop's size; white is repainted.")
    line = serializers.FileField(required=False, help_text="PNG of the crop's size; white is a line.")
    reference = serializers.FileField(required=False)


@extend_schema_serializer(component_name="RetouchVersion")
class VersionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    canvas = serializers.UUIDField()
    number = serializers.IntegerField()
    parent: Any = serializers.UUIDField(allow_null=True, help_text="Null: the picture as it was opened.")
    repeats = serializers.UUIDField(allow_null=True)
    crop = CropSerializer()
    region = serializers.JSONField()
    settings = serializers.JSONField()
    seed = serializers.IntegerField()
    opacity = serializers.FloatField()
    layers = serializers.DictField(child=serializers.URLField())
    state = serializers.CharField(help_text="queued, paused, leased, done, failed or cancelled")
    progress = serializers.FloatField()
    error = serializers.CharField()
    job = serializers.UUIDField(allow_null=True)
    engine = serializers.CharField()
    model = serializers.CharField()
    ignored_words = serializers.ListField(
        child=serializers.CharField(), help_text="Words of the prompt that the engine does not draw."
    )
    by = serializers.CharField()
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.FloatField(allow_null=True)
    picture = serializers.URLField(allow_null=True)
    image = serializers.IntegerField(allow_null=True, help_text="The picture of the pool that it became.")


class CanvasSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    image = serializers.IntegerField(allow_null=True)
    key = serializers.CharField(allow_null=True)
    image_state = serializers.CharField(allow_null=True)
    emotion = serializers.CharField()
    favorite = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    picture = serializers.URLField()
    head = serializers.UUIDField(allow_null=True)
    job = serializers.UUIDField(allow_null=True, help_text="The job that made the picture.")
    versions = VersionSerializer(many=True)


class HeadSerializer(serializers.Serializer[Any]):
    version = StringUUIDField(allow_null=True)


class OpacitySerializer(serializers.Serializer[Any]):
    opacity = serializers.FloatField(min_value=0, max_value=1)
    id = StringUUIDField(required=False, help_text="The same one twice is one version.")


class AskedOutlineSerializer(serializers.Serializer[Any]):
    version = serializers.UUIDField(required=False, allow_null=True, default=None)
    x = serializers.IntegerField(min_value=0, max_value=LARGEST_SIDE)
    y = serializers.IntegerField(min_value=0, max_value=LARGEST_SIDE)
    width = serializers.IntegerField(min_value=1, max_value=LARGEST_SIDE)
    height = serializers.IntegerField(min_value=1, max_value=LARGEST_SIDE)
    simplicity = serializers.FloatField(min_value=0, max_value=1, default=0.5)
    method = serializers.ChoiceField(choices=[str(one) for one in LineMethod], default=str(LineMethod.XDOG))


class SiblingsSerializer(serializers.Serializer[Any]):
    images = serializers.ListField(child=RowIdField(), min_length=1, max_length=MOST_SIBLINGS)
    settings = serializers.JSONField(required=False, default=dict)


class RepeatedSerializer(serializers.Serializer[Any]):
    job = serializers.UUIDField()
    versions = VersionSerializer(many=True)


class PublishSerializer(serializers.Serializer[Any]):
    place = serializers.ChoiceField(choices=["new", "old"], default="new")
    serve = serializers.BooleanField(default=False, help_text="Of a new one: into the garden at once.")
    emotion = serializers.ChoiceField(choices=[str(one) for one in Emotion], required=False, default="")
    favorite = StringField(max_length=255, required=False, allow_blank=True, default="")
    note = StringField(max_length=2_000, required=False, allow_blank=True, default="")


class PublishedSerializer(serializers.Serializer[Any]):
    image = serializers.IntegerField()
    key = serializers.CharField()
    act = serializers.UUIDField(allow_null=True)


class DifferenceSerializer(serializers.Serializer[Any]):
    first = serializers.UUIDField(allow_null=True)
    second = serializers.UUIDField(allow_null=True)
    first_picture = serializers.URLField()
    second_picture = serializers.URLField()
    box = CropSerializer(allow_null=True)
    changed = serializers.FloatField(help_text="Share of the pixels.")
    largest = serializers.IntegerField(help_text="0 … 255")
    mean = serializers.FloatField()
    settings = serializers.DictField(child=serializers.ListField())


class AskedTagsSerializer(serializers.Serializer[Any]):
    version = StringUUIDField(required=False, allow_null=True, default=None)
    crop = serializers.JSONField(required=False, allow_null=True, default=None)


class TagSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    kind = serializers.CharField()
    score = serializers.FloatField()


class TagReadingSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.CharField()
    tagger = serializers.CharField()
    note = serializers.CharField(help_text="What this tagger looked at.")
    tags = TagSerializer(many=True)
    error = serializers.CharField()


class PresetSerializer(serializers.Serializer[Any]):
    name = StringField(max_length=100)
    settings = serializers.JSONField()


class WordSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    kind = serializers.CharField()
