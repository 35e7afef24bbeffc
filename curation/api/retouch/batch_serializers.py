"""What the routes of batches are asked, and what they answer."""

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from curation.api.images import IdsField
from garden.api.fields import LARGEST_ID, ROW_ID_SCHEMA, StringField, StringUUIDField
from generation.models.batch import ITEM_STATES
from generation.retouch.batch.orders import MOST, PREVIEWED

LARGEST_RECIPE = 200_000
ITEMS_PAGE = 60


class RecipeSerializer(serializers.Serializer[Any]):
    """Written for the document; `Recipe.from_json` reads it. The retouch client's batch script is read as well."""

    range = StringField(required=False, help_text="Of the chosen pictures, counted from 1: `1...50`.")
    numbers = StringField(required=False, help_text="Of the first number in a file's name: `0...Infinity`.")
    region = StringField(required=False, help_text="`all`, `face`, `saliency`, `segment` or `mask`.")
    expand = serializers.IntegerField(required=False, min_value=0, max_value=200, help_text="Pixels.")
    shrink = serializers.IntegerField(required=False, min_value=0, max_value=200, help_text="Pixels; after `expand`.")
    fill = serializers.BooleanField(required=False, help_text="Repaint all of the part.")
    part = serializers.ChoiceField(choices=["picture", "region"], required=False)
    margin = serializers.IntegerField(
        required=False, min_value=0, max_value=1_000, help_text="Pixels around the region."
    )
    settings = serializers.JSONField(required=False)


class JSONPart(serializers.Field[Any, Any, Any, Any]):
    """JSON as it is; in a multipart request a JSON string."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            return data
        try:
            return json.loads(data[:LARGEST_RECIPE])
        except (ValueError, RecursionError) as error:
            raise serializers.ValidationError("It must be JSON.") from error


@extend_schema_field(RecipeSerializer)
class RecipePart(JSONPart):
    pass


@extend_schema_field({"type": "array", "items": ROW_ID_SCHEMA, "maxItems": MOST})
class NumbersPart(JSONPart):
    """Whole numbers, at most as many as a batch can have."""

    def to_internal_value(self, data: Any) -> list[int]:
        read = super().to_internal_value(data)
        fine = isinstance(read, list) and all(type(one) is int and 0 <= one <= LARGEST_ID for one in read)
        if not fine or len(read) > MOST:
            raise serializers.ValidationError(f"It must be a list of at most {MOST} whole numbers.")
        return list(dict.fromkeys(read))


@extend_schema_field({"type": "object", "description": "As of the lists of pictures."})
class FilterPart(JSONPart):
    pass


class NewBatchSerializer(serializers.Serializer[Any]):
    """JSON, or multipart with `mask`. The pictures come as `images`, or as a `filter` with some left out."""

    id = StringUUIDField(required=False, help_text="The same one twice is one batch.")
    title = StringField(required=False, max_length=200, default="")
    recipe = RecipePart()
    images = NumbersPart(required=False, help_text="Ids, in the order of the batch.")
    filter = FilterPart(required=False)
    without = NumbersPart(required=False, help_text="Ids that the filter shows and that are left out.")
    mask = serializers.FileField(required=False, help_text="Of a picture's size; what is bright is repainted.")
    mask_of = StringUUIDField(required=False, help_text="The mask of this version.")
    again = serializers.BooleanField(required=False, default=False, help_text="Also what this recipe has made before.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("images" in attrs) == ("filter" in attrs):
            raise serializers.ValidationError({"images": "Send images or a filter."})
        if "mask" in attrs and "mask_of" in attrs:
            raise serializers.ValidationError({"mask": "Send a mask or the version that has it."})
        return attrs


class BatchCountsSerializer(serializers.Serializer[Any]):
    all = serializers.IntegerField()

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), **{state: serializers.IntegerField() for state in ITEM_STATES}}


class ReportedSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    name = serializers.CharField()
    image = serializers.IntegerField(allow_null=True)
    state = serializers.CharField(help_text="One of those that `counts` names.")
    reason = serializers.CharField(help_text="Why it failed, or is not there yet.")
    canvas = serializers.CharField(help_text="Empty until it is opened.")
    version = serializers.CharField(help_text="Empty until it is done.")
    attempts = serializers.IntegerField()
    seconds = serializers.FloatField(allow_null=True)


class BatchItemSerializer(ReportedSerializer):
    before = serializers.URLField()
    after = serializers.URLField(allow_null=True)


class BatchReportSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    recipe = RecipeSerializer()
    counts = BatchCountsSerializer()
    pictures = ReportedSerializer(many=True)


class BatchCreditsSerializer(serializers.Serializer[Any]):
    price = serializers.IntegerField(help_text="Of each picture that is not asked for yet.")
    left = serializers.IntegerField()


class BatchSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    recipe = RecipeSerializer()
    by = serializers.CharField()
    created_at = serializers.DateTimeField()
    run_at = serializers.DateTimeField(allow_null=True, help_text="Null: previewed at most.")
    job = serializers.UUIDField(allow_null=True)
    control = serializers.CharField(help_text="active, paused or cancelled")
    counts = BatchCountsSerializer()
    seconds_left = serializers.FloatField(allow_null=True)
    workers = serializers.IntegerField(help_text="Workers online for what still waits.")
    credits = BatchCreditsSerializer(allow_null=True, help_text="Of who asks for it; null where there is no limit.")
    preview = BatchItemSerializer(many=True)


class BatchItemsSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    items = BatchItemSerializer(many=True)


class AskedPartSerializer(serializers.Serializer[Any]):
    """A part of a list, from a place in it on."""

    start = serializers.IntegerField(required=False, min_value=0, max_value=MOST, default=0)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=500, default=ITEMS_PAGE)


class AskedItemsSerializer(AskedPartSerializer):
    state = serializers.ChoiceField(choices=["", *ITEM_STATES], required=False, default="")


class AskedCandidatesSerializer(AskedPartSerializer):
    ids = IdsField(required=False, help_text="These pictures, whatever the filter.")


class PreviewSerializer(serializers.Serializer[Any]):
    items = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MOST),
        required=False,
        max_length=PREVIEWED,
        default=list,
        help_text="Numbers of the batch; without them the first, the middle and the last.",
    )


class CheckedRecipeSerializer(serializers.Serializer[Any]):
    recipe = RecipePart()


class CandidatesSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    most = serializers.IntegerField()
    images = serializers.ListField(child=serializers.JSONField())
