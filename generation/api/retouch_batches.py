"""Batches over REST: the same recipe on many pictures; previewed, run, watched, reported."""

import io
import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import numpy as np
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.etag import answer_unless_known
from garden.api.fields import LARGEST_ID, ROW_ID_SCHEMA, StringField, StringUUIDField, validated
from garden.api.serializers import errors
from generation.api.canvases import RetouchView, answer_file, file_schema, url_of
from generation.credits import price_of, standing_of
from generation.jobs import cancel_job, pause_job, resume_job, retry_failed
from generation.models import BatchItem, RetouchBatch
from generation.models.batch import ITEM_STATES
from generation.models.job import Control, Priority
from generation.queue.progress import time_left, workers_online
from generation.retouch.batch.items import counts_of, items_of, report_rows, row_of, write_table
from generation.retouch.batch.orders import (
    MOST,
    PREVIEWED,
    engine_of,
    preview_batch,
    run_batch,
)
from generation.retouch.batch.recipe import Recipe
from generation.retouch.pixels import Pixels, encode_shown, read_picture, sized
from generation.retouch.settings import NotFinishedError
from generation.retouch.versions import compose, opened, read_file

STEERING = {"pause": pause_job, "resume": resume_job, "cancel": cancel_job, "retry": retry_failed}
LARGEST_RECIPE = 200_000
ITEMS_PAGE = 60
SHOWN = 640
"""Pixels of the longer side at most: enough to judge a retouch by."""


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


class JSONPart(serializers.JSONField):
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

    def to_internal_value(self, data: Any) -> Any:
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


class BatchSerializer(serializers.ModelSerializer[RetouchBatch]):
    """Its context holds the request. `run_at` null: previewed at most."""

    recipe = RecipePart()
    by = serializers.CharField(source="by.username", read_only=True, default="")
    control = serializers.CharField(
        source="job.control", read_only=True, default=Control.ACTIVE.value, help_text="active, paused or cancelled"
    )
    counts = serializers.SerializerMethodField()
    seconds_left = serializers.SerializerMethodField()
    workers = serializers.SerializerMethodField(help_text="Workers online for what still waits.")
    credits = serializers.SerializerMethodField(help_text="Of who asks for it; null where there is no limit.")
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
        """What was asked for before the rest."""
        previewed = items_of(batch).filter(slot__priority=Priority.SINGLE)[:PREVIEWED]
        return describe_items(previewed, self.context["request"])


class BatchItemsSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    items = BatchItemSerializer(many=True)


class AskedPartSerializer(serializers.Serializer[Any]):
    """A part of a list, from a place in it on."""

    start = serializers.IntegerField(required=False, min_value=0, max_value=MOST, default=0)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=500, default=ITEMS_PAGE)


class AskedItemsSerializer(AskedPartSerializer):
    state = serializers.ChoiceField(choices=["", *ITEM_STATES], required=False, default="")


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


class BatchView(RetouchView):
    @extend_schema(
        summary="How a batch goes",
        description="With `If-None-Match` the answer is 304 until something changed.",
        responses={200: BatchSerializer, 304: None, **errors(404)},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        return answer_unless_known(request, describe_batch(find_batch(pk), request))


class BatchItemsView(RetouchView):
    @extend_schema(
        summary="Pictures of a batch, in their order",
        parameters=[AskedItemsSerializer],
        responses={200: BatchItemsSerializer, 304: None, **errors(400, 404)},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        asked, batch = validated(AskedItemsSerializer, request.query_params), find_batch(pk)
        items = items_of(batch, asked["state"])
        shown = items[asked["start"] : asked["start"] + asked["limit"]]
        return answer_unless_known(request, {"total": items.count(), "items": describe_items(shown, request)})


class PreviewBatchView(RetouchView):
    @extend_schema(
        summary="Make three pictures of a batch first",
        request=PreviewSerializer,
        responses={200: BatchSerializer, **errors(400, 404)},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        asked = validated(PreviewSerializer, request.data)
        preview_batch(batch=find_batch(pk), numbers=asked["items"])
        return Response(describe_batch(find_batch(pk), request))


class RunBatchView(RetouchView):
    @extend_schema(
        summary="Make the rest of a batch",
        description="Sent twice it is once.",
        request=None,
        responses={200: BatchSerializer, **errors(404)},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        run_batch(batch=find_batch(pk))
        return Response(describe_batch(find_batch(pk), request))


class SteerBatchView(RetouchView):
    verb = ""

    @extend_schema(
        summary="Pause, resume, cancel or retry a batch",
        request=None,
        responses={200: BatchSerializer, **errors(404, 409)},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        batch = find_batch(pk)
        if batch.job is None:
            raise NotFinishedError("Nothing of it was asked for yet.", batch=str(pk))
        STEERING[self.verb](job=batch.job)
        return Response(describe_batch(find_batch(pk), request))


class CheckRecipeView(RetouchView):
    @extend_schema(
        summary="A recipe, read and written out in full",
        description="The retouch client's batch script comes back in our words.",
        request=CheckedRecipeSerializer,
        responses={200: RecipeSerializer, **errors(400)},
    )
    def post(self, request: Request) -> Response:
        return Response(Recipe.from_json(validated(CheckedRecipeSerializer, request.data)["recipe"]).as_json())


class BatchPictureView(RetouchView):
    @extend_schema(
        summary="A picture of a batch, before or after, for looking at",
        description="At most 640 pixels wide and high. The lossless one is the version's own.",
        responses={**file_schema("image/webp"), **errors(404)},
    )
    def get(self, request: Request, pk: UUID, number: int, which: str) -> HttpResponse:
        items = BatchItem.objects.select_related("canvas", "image", "version", "version__canvas")
        item = get_object_or_404(items, batch=pk, number=number)
        pixels = _before(item) if which == "before" else _after(item)
        return answer_file(
            encode_shown(_small(pixels), "webp"), "image/webp", forever=which == "after" or item.canvas is not None
        )


class BatchReportView(RetouchView):
    @extend_schema(
        summary="What became of each picture of a batch", responses={200: BatchReportSerializer, **errors(404)}
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        batch = find_batch(pk)
        report = {"id": str(pk), "title": batch.title, "recipe": batch.recipe, "counts": counts_of(batch)}
        return _attached(JsonResponse({**report, "pictures": list(report_rows(batch))}), pk, "json")


class BatchTableView(RetouchView):
    @extend_schema(summary="The same as a table (CSV)", responses={(200, "text/csv"): str, **errors(404)})
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        stream = io.StringIO()
        write_table(stream, report_rows(find_batch(pk)))
        return _attached(HttpResponse(stream.getvalue(), content_type="text/csv; charset=utf-8"), pk, "csv")


def _before(item: BatchItem) -> Pixels:
    if item.canvas is not None:
        return opened(item.canvas)
    if item.image is None:
        raise Http404
    try:
        return read_picture(read_file(item.image.key))
    except FileNotFoundError:
        raise Http404 from None


def _after(item: BatchItem) -> Pixels:
    if item.version is None or item.version.done_at is None:
        raise Http404
    return compose(item.version)


def _small(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    scale = min(1.0, SHOWN / max(height, width))
    return sized(np.ascontiguousarray(pixels), (max(1, round(width * scale)), max(1, round(height * scale))))


def _attached(answer: HttpResponse, pk: UUID, suffix: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="batch-{pk}.{suffix}"'
    answer["Cache-Control"] = "private, no-cache"
    return answer
