"""Serializers of batches."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from garden.api.fields import LARGEST_ID, ROW_ID_SCHEMA, JSONPart, StringField, StringUUIDField
from generation.api.canvases import url_of
from generation.credits import price_of, standing_of
from generation.models import RetouchBatch
from generation.models.batch import ITEM_STATES
from generation.models.job import Control, Priority
from generation.queue.progress import time_left, workers_online
from generation.retouch.batch.items import counts_of, items_of, row_of
from generation.retouch.batch.orders import MAX_PICTURES, PREVIEWED, engine_of

ITEMS_PAGE = 60


class RecipeSerializer(serializers.Serializer[Any]):
    """For the OpenAPI document; `Recipe.from_json` parses it. The retouch client's batch script is accepted as well."""

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


@extend_schema_field(RecipeSerializer)
class RecipePart(JSONPart):
    pass


@extend_schema_field({"type": "array", "items": ROW_ID_SCHEMA, "maxItems": MAX_PICTURES})
class NumbersPart(JSONPart):
    """Whole numbers, at most as many as a batch can have."""

    def to_internal_value(self, data: Any) -> Any:
        read = super().to_internal_value(data)
        fine = isinstance(read, list) and all(type(one) is int and 0 <= one <= LARGEST_ID for one in read)
        if not fine or len(read) > MAX_PICTURES:
            raise serializers.ValidationError(f"It must be a list of at most {MAX_PICTURES} whole numbers.")
        return list(dict.fromkeys(read))


@extend_schema_field({"type": "object", "description": "As of the lists of pictures."})
class FilterPart(JSONPart):
    pass


class NewBatchSerializer(serializers.Serializer[Any]):
    """JSON, or multipart with `mask`. Choose pictures by `images`, or by a `filter` and `without`."""

    id = StringUUIDField(required=False, help_text="Idempotency: the same id is one batch.")
    title = StringField(required=False, max_length=200, default="")
    recipe = RecipePart()
    images = NumbersPart(required=False, help_text="Ids, in the order of the batch.")
    filter = FilterPart(required=False)
    without = NumbersPart(required=False, help_text="Ids to exclude from the filter's result.")
    mask = serializers.FileField(required=False, help_text="Same size as the picture; bright pixels are repainted.")
    mask_of = StringUUIDField(required=False, help_text="The mask of this version.")
    again = serializers.BooleanField(required=False, default=False, help_text="Repeat pictures of earlier runs.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("images" in attrs) == ("filter" in attrs):
            raise serializers.ValidationError({"images": "Send either images or filter."})
        if "mask" in attrs and "mask_of" in attrs:
            raise serializers.ValidationError({"mask": "Send either mask or mask_of."})
        return attrs


class BatchCountsSerializer(serializers.Serializer[Any]):
    all = serializers.IntegerField()

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), **{state: serializers.IntegerField() for state in ITEM_STATES}}


class ReportedSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    name = serializers.CharField()
    image = serializers.IntegerField(allow_null=True)
    state = serializers.CharField(help_text="One of the keys of `counts`.")
    reason = serializers.CharField(help_text="Why it failed or waits.")
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
    price = serializers.IntegerField(help_text="Of each picture that is not queued yet.")
    left = serializers.IntegerField()


class BatchSerializer(serializers.ModelSerializer[RetouchBatch]):
    """Needs `request` in its context. `run_at` is null before the batch is run."""

    recipe = RecipePart()
    by = serializers.CharField(source="by.username", read_only=True, default="")
    control = serializers.CharField(
        source="job.control", read_only=True, default=Control.ACTIVE.value, help_text="active, paused or cancelled"
    )
    counts = serializers.SerializerMethodField()
    seconds_left = serializers.SerializerMethodField()
    workers = serializers.SerializerMethodField(help_text="Online workers for the open slots.")
    credits = serializers.SerializerMethodField(help_text="Of the user who runs it; null without a limit.")
    preview = serializers.SerializerMethodField()

    class Meta:
        model = RetouchBatch
        fields = (
            *("id", "title", "recipe", "by", "created_at", "run_at", "job", "control", "counts", "seconds_left"),
            *("workers", "credits", "preview"),
        )

    @extend_schema_field(BatchCountsSerializer)
    def get_counts(self, batch: RetouchBatch) -> dict[str, int]:
        return counts_of(batch)

    def get_seconds_left(self, batch: RetouchBatch) -> float | None:
        left = time_left(batch.job) if batch.job else None
        return None if left is None else round(left.total_seconds(), 1)

    def get_workers(self, batch: RetouchBatch) -> int:
        return sum(workers_online(engine) for engine in batch.job.slots.open().engines()) if batch.job else 0

    @extend_schema_field(BatchCreditsSerializer(allow_null=True))
    def get_credits(self, batch: RetouchBatch) -> dict[str, int] | None:
        left = standing_of(batch.by).left if batch.by else None
        return None if left is None else {"price": price_of(engine_of(batch)), "left": left}

    @extend_schema_field(BatchItemSerializer(many=True))
    def get_preview(self, batch: RetouchBatch) -> list[dict[str, Any]]:
        """Items that were queued by the preview."""
        previewed = items_of(batch).filter(slot__priority=Priority.SINGLE)[:PREVIEWED]
        return describe_items(previewed, self.context["request"])


class BatchItemsSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    items = BatchItemSerializer(many=True)


class PageSerializer(serializers.Serializer[Any]):
    """Paging of a list."""

    start = serializers.IntegerField(required=False, min_value=0, max_value=MAX_PICTURES, default=0)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=500, default=ITEMS_PAGE)


class ItemsQuerySerializer(PageSerializer):
    state = serializers.ChoiceField(choices=["", *ITEM_STATES], required=False, default="")


class PreviewSerializer(serializers.Serializer[Any]):
    items = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_PICTURES),
        required=False,
        max_length=PREVIEWED,
        default=list,
        help_text="Item numbers; by default the first, the middle and the last.",
    )


class CheckedRecipeSerializer(serializers.Serializer[Any]):
    recipe = RecipePart()


def find_batch(pk: UUID) -> RetouchBatch:
    return get_object_or_404(RetouchBatch.objects.select_related("job", "by"), pk=pk)


def describe_batch(batch: RetouchBatch, request: HttpRequest | Request) -> dict[str, Any]:
    described: dict[str, Any] = BatchSerializer(batch, context={"request": request}).data
    return described


def describe_items(items: Iterable[Any], request: HttpRequest | Request) -> list[dict[str, Any]]:
    """As `BatchItemSerializer` documents them."""
    described = []
    for item in items:
        row, place = row_of(item), (item.batch_id, item.number)
        row["before"] = url_of(request, "api-batch-before", *place)
        row["after"] = url_of(request, "api-batch-after", *place) if row["version"] else None
        described.append(row)
    return described
