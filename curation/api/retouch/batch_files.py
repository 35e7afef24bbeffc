"""Files of a batch: a picture before and after, and the report."""

import io
from uuid import UUID

import numpy as np
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from curation.api.retouch.batch_serializers import BatchReportSerializer
from curation.api.retouch.batches import find_batch
from curation.api.retouch.finding import RetouchView, answer_file, file_schema
from garden.api.serializers import ErrorSerializer
from generation.models import BatchItem
from generation.retouch.batch.items import counts_of, report_rows, write_table
from generation.retouch.pixels import Pixels, encode_shown, read_picture, sized
from generation.retouch.versions import compose, opened, read_file

SHOWN = 640
"""Pixels of the longer side at most: enough to judge a retouch by."""
WHICH = ("before", "after")


class BatchPictureView(RetouchView):
    @extend_schema(
        summary="A picture of a batch, before or after, for looking at",
        description="At most 640 pixels wide and high. The lossless one is the version's own.",
        responses={**file_schema("image/webp"), 404: ErrorSerializer},
    )
    def get(self, request: Request, pk: UUID, number: int, which: str) -> HttpResponse:
        items = BatchItem.objects.select_related("canvas", "image", "version", "version__canvas")
        item = get_object_or_404(items, batch=pk, number=number)
        pixels = _before(item) if which == "before" else _after(item)
        small = encode_shown(_small(pixels), "webp")
        return answer_file(request, small, "image/webp", forever=which == "after" or item.canvas is not None)


class BatchReportView(RetouchView):
    @extend_schema(
        summary="What became of each picture of a batch",
        responses={200: BatchReportSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        batch = find_batch(pk)
        rows = list(report_rows(batch))
        told = {"id": str(pk), "title": batch.title, "recipe": batch.recipe, "counts": counts_of(batch)}
        return _attached(JsonResponse({**told, "pictures": rows}), pk, "json")


class BatchTableView(RetouchView):
    @extend_schema(
        summary="The same as a table (CSV)",
        responses={(200, "text/csv"): str, (404, "application/json"): ErrorSerializer},
    )
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
