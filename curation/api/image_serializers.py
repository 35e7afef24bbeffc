"""What the lists of pictures are asked, and what they answer."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from curation.filter_values import NONE
from curation.filters import VERDICTS
from garden.api.fields import LARGEST_ID, RowIdField, StringField, StringUUIDField
from garden.models import Image
from garden.vocabulary import Emotion, Orientation

PAGE = 60
LARGEST_PAGE = 500


@extend_schema_field({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]})
class MomentField(StringField):
    pass


class FilterSerializer(serializers.Serializer[Any]):
    """Written for the document; `ImageFilter` reads it."""

    state = serializers.ChoiceField(choices=Image.State.choices, default=Image.State.POOL)
    verdict = serializers.ChoiceField(choices=VERDICTS, required=False)
    emotion = serializers.ChoiceField(choices=[NONE, *[str(emotion) for emotion in Emotion]], required=False)
    favorite = StringField(required=False, allow_blank=True, max_length=255, help_text="`none` for those without one.")
    orientation = serializers.ChoiceField(choices=[str(orientation) for orientation in Orientation], required=False)
    job = StringUUIDField(required=False)
    model = StringField(required=False, allow_blank=True, max_length=255)
    template = RowIdField(required=False)
    since = MomentField(required=False, help_text="A day, or a moment.")
    until = MomentField(required=False, help_text="A day (which is included), or a moment.")
    curator = RowIdField(required=False, help_text="Who has voted on it.")
    trash_reason = serializers.ChoiceField(
        choices=Image.TrashReason.values, required=False, help_text="Of the trash: why it was removed."
    )
    q = StringField(required=False, allow_blank=True, max_length=200, help_text="Part of the prompt or of the key.")
    start = RowIdField(required=False, help_text="The id of the first picture.")
    end = RowIdField(required=False, help_text="The id of the last picture.")


@extend_schema_field({"type": "string"})
class IdsField(serializers.Field[list[int], str, str, Any]):
    """`1,2,3`."""

    def to_internal_value(self, data: str) -> list[int]:
        parts = data.split(",")
        if len(parts) > LARGEST_PAGE or not all(part.isascii() and part.isdecimal() for part in parts):
            raise serializers.ValidationError(f"At most {LARGEST_PAGE} numbers, separated by commas.")
        return [number for part in parts if (number := int(part[:20])) <= LARGEST_ID]


class AskedPageSerializer(serializers.Serializer[Any]):
    """At most one of `before`, `after` and `around`: none asks for the newest."""

    before = RowIdField(required=False, max_value=LARGEST_ID - 1)
    after = RowIdField(required=False, max_value=LARGEST_ID - 1)
    around = RowIdField(required=False, max_value=LARGEST_ID - 1)
    ids = IdsField(required=False)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_PAGE, default=PAGE)


class MineSerializer(serializers.Serializer[Any]):
    verdict = serializers.CharField()
    rating = serializers.IntegerField(allow_null=True)


class ImageSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    key = serializers.CharField()
    url = serializers.URLField()
    thumb = serializers.URLField(help_text="May not be made yet: show `url` then.")
    emotion = serializers.CharField()
    favorite = serializers.CharField()
    orientation = serializers.CharField()
    state = serializers.CharField()
    verdict = serializers.CharField(help_text="What all votes came to.")
    rating = serializers.IntegerField(allow_null=True)
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    model = serializers.CharField()
    prompt = serializers.CharField(help_text="Its first 200 letters.")
    mine = MineSerializer(allow_null=True, help_text="The asking curator's own vote.")
    alike = serializers.IntegerField(help_text="How many other pictures look almost the same.")


class ImagePageSerializer(serializers.Serializer[Any]):
    images = ImageSerializer(many=True)
    next = serializers.IntegerField(allow_null=True)
    previous = serializers.IntegerField(allow_null=True)


class CountsSerializer(serializers.Serializer[Any]):
    """Of the filter whatever its verdict is."""

    all = serializers.IntegerField()
    liked = serializers.IntegerField()
    disliked = serializers.IntegerField()
    undecided = serializers.IntegerField()
    disputed = serializers.IntegerField()
    at_least = serializers.ListField(child=serializers.CharField())
