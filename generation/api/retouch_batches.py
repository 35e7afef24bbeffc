"""Batches over REST: preview, run, progress, reports."""

from uuid import UUID

import numpy as np
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.etag import answer_unless_known
from garden.api.fields import validated
from garden.api.serializers import errors
from generation.api.batch_serializers import (
    BatchItemsSerializer,
    BatchReportSerializer,
    BatchSerializer,
    CheckedRecipeSerializer,
    ItemsQuerySerializer,
    PreviewSerializer,
    RecipeSerializer,
    describe_batch,
    describe_items,
    find_batch,
)
from generation.api.canvases import RetouchView, answer_file, file_schema
from generation.jobs import ACTIONS
from generation.models import BatchItem
from generation.retouch.batch.items import counts_of, items_of, report_rows, write_table
from generation.retouch.batch.orders import preview_batch, run_batch
from generation.retouch.batch.recipe import Recipe
from generation.retouch.pixels import Pixels, encode_shown, read_picture, sized
from generation.retouch.settings import NotFinishedError
from generation.retouch.versions import compose, opened, read_file

SHOWN = 640
"""Largest width and height of a preview, in pixels."""


class BatchView(RetouchView):
    @extend_schema(
        summary="Progress of a batch",
        description="With `If-None-Match` the response is 304 until something changes.",
        responses={200: BatchSerializer, 304: None},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        return answer_unless_known(request, describe_batch(find_batch(pk), request))


class BatchItemsView(RetouchView):
    @extend_schema(
        summary="Pictures of a batch, in their order",
        parameters=[ItemsQuerySerializer],
        responses={200: BatchItemsSerializer, 304: None},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        data, batch = validated(ItemsQuerySerializer, request.query_params), find_batch(pk)
        items = items_of(batch, data["state"])
        shown = items[data["start"] : data["start"] + data["limit"]]
        return answer_unless_known(request, {"total": items.count(), "items": describe_items(shown, request)})


class PreviewBatchView(RetouchView):
    @extend_schema(
        summary="Preview a batch with up to three pictures",
        request=PreviewSerializer,
        responses=BatchSerializer,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        data = validated(PreviewSerializer, request.data)
        preview_batch(batch=find_batch(pk), numbers=data["items"])
        return Response(describe_batch(find_batch(pk), request))


class RunBatchView(RetouchView):
    @extend_schema(
        summary="Run a batch",
        description="Queues all remaining pictures. Idempotent.",
        request=None,
        responses=BatchSerializer,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        run_batch(batch=find_batch(pk))
        return Response(describe_batch(find_batch(pk), request))


class SteerBatchView(RetouchView):
    verb = ""

    @extend_schema(
        summary="Pause, resume, cancel or retry a batch",
        request=None,
        responses={200: BatchSerializer, **errors(409)},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        batch = find_batch(pk)
        if batch.job is None:
            raise NotFinishedError("The batch has no job yet.", batch=str(pk))
        ACTIONS[self.verb](job=batch.job)
        return Response(describe_batch(find_batch(pk), request))


class CheckRecipeView(RetouchView):
    @extend_schema(
        summary="Validate a recipe",
        description="Returns the complete recipe. The retouch client's batch script is accepted as well.",
        request=CheckedRecipeSerializer,
        responses=RecipeSerializer,
    )
    def post(self, request: Request) -> Response:
        return Response(Recipe.from_json(validated(CheckedRecipeSerializer, request.data)["recipe"]).as_json())


class BatchPictureView(RetouchView):
    @extend_schema(
        summary="Preview of a batch picture, before or after",
        description="At most 640 pixels wide and high. The version has the lossless picture.",
        responses=file_schema("image/webp"),
    )
    def get(self, request: Request, pk: UUID, number: int, which: str) -> HttpResponse:
        items = BatchItem.objects.select_related("canvas", "image", "version", "version__canvas")
        item = get_object_or_404(items, batch=pk, number=number)
        pixels = _before(item) if which == "before" else _after(item)
        return answer_file(
            encode_shown(_small(pixels), "webp"), "image/webp", immutable=which == "after" or item.canvas is not None
        )


class BatchReportView(RetouchView):
    @extend_schema(summary="Report of a batch", responses=BatchReportSerializer)
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        batch = find_batch(pk)
        report = {"id": str(pk), "title": batch.title, "recipe": batch.recipe, "counts": counts_of(batch)}
        return _attached(JsonResponse({**report, "pictures": list(report_rows(batch))}), pk, "json")


class BatchTableView(RetouchView):
    @extend_schema(summary="Report of a batch (CSV)", responses={(200, "text/csv"): str})
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        write_table(answer, report_rows(find_batch(pk)))
        return _attached(answer, pk, "csv")


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
