"""Batches of retouches: begin one, and list the pictures it would be for."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curation.api.images import IdsField, describe_images
from curation.library.filters import FilterSerializer, ImageFilter
from curation.library.paging import rows_with
from garden.api.curators import curator
from garden.api.etag import answer_unless_known
from garden.api.fields import validated
from garden.api.serializers import errors
from garden.batches import batches
from garden.models import Image
from generation.api.batch_serializers import (
    BatchSerializer,
    NewBatchSerializer,
    PageSerializer,
    describe_batch,
    find_batch,
)
from generation.api.canvases import RetouchView
from generation.api.versions import find_version
from generation.models import RetouchBatch
from generation.retouch.batch.orders import MAX_PICTURES, choose_images, plan_batch
from generation.retouch.batch.recipe import Recipe
from generation.retouch.pixels import encode_png
from generation.retouch.settings import BadSettingError
from generation.retouch.versions import MASK, layer


class CandidateQuerySerializer(PageSerializer):
    ids = IdsField(required=False, help_text="These pictures, whatever the filter.")


class CandidatesSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    most = serializers.IntegerField()
    images = serializers.ListField(child=serializers.JSONField())


class BatchesView(RetouchView):
    @extend_schema(
        summary="The same recipe on many pictures",
        description="Nothing is made yet: preview it, then run it. 200 when this id was sent before. What the same "
        "recipe made of the same file before is skipped, unless `again`. Pictures of the trash are refused: `unusable` "
        "names them.",
        request={"application/json": NewBatchSerializer, "multipart/form-data": NewBatchSerializer},
        responses={200: BatchSerializer, 201: BatchSerializer, **errors(409)},
    )
    def post(self, request: Request) -> Response:
        data = validated(NewBatchSerializer, request.data)
        known = "id" in data and RetouchBatch.objects.filter(pk=data["id"]).exists()
        recipe = Recipe.from_json(data["recipe"])
        batch = plan_batch(
            recipe=recipe,
            chosen={} if known else choose_images(recipe, _ids(data)),
            by=curator(request),
            batch_id=data.get("id"),
            title=data["title"],
            mask=_mask(data),
            again=data["again"],
        )
        return Response(describe_batch(find_batch(batch.pk), request), status=200 if known else 201)


class CandidatesView(RetouchView):
    @extend_schema(
        summary="Pictures that a filter would bring into a batch",
        parameters=[FilterSerializer, CandidateQuerySerializer],
        responses=CandidatesSerializer,
    )
    def get(self, request: Request) -> Response:
        data = validated(CandidateQuerySerializer, request.query_params)
        paging = CandidateQuerySerializer().fields
        filters = {name: value for name, value in request.GET.items() if value and name not in paging}
        ids = usable(data["ids"]) if "ids" in data else ids_of(filters)
        shown = ids[data["start"] : data["start"] + data["limit"]]
        images = describe_images(rows_with(shown), request)
        return answer_unless_known(request, {"total": len(ids), "most": MAX_PICTURES, "images": images})


def usable(ids: Sequence[int]) -> list[int]:
    """Those of these pictures that are there and not in the trash, in the same order."""
    kept: set[int] = set()
    for some in batches(ids):
        kept.update(Image.objects.filter(pk__in=some).exclude(state=Image.State.TRASH).values_list("pk", flat=True))
    return [pk for pk in ids if pk in kept]


def ids_of(given: Mapping[str, Any], without: Sequence[int] = ()) -> list[int]:
    """What a filter shows, newest first as its list does, without some. Raises InvalidFilterError, BadSettingError."""
    left_out, data = set(without), ImageFilter.from_json(given)
    if data.state == Image.State.TRASH:
        raise BadSettingError("filter", "shows the trash: restore its pictures first")
    filters = data.apply(Image.objects.all()).order_by("-id")
    ids = list(filters.values_list("pk", flat=True)[: MAX_PICTURES + len(left_out) + 1])
    chosen = [pk for pk in ids if pk not in left_out]
    if len(chosen) > MAX_PICTURES:
        raise BadSettingError("filter", f"shows more than {MAX_PICTURES:,} pictures: choose a part of them")
    return chosen


def _ids(data: dict[str, Any]) -> list[int]:
    return data["images"] if "images" in data else ids_of(data["filter"], data.get("without", ()))


def _mask(data: dict[str, Any]) -> bytes | None:
    """That of a version in the whole of its picture, or the one sent. Raises NotFinishedError."""
    if "mask_of" not in data:
        return data["mask"].read() if "mask" in data else None
    version = find_version(data["mask_of"])
    whole = np.zeros((version.canvas.height, version.canvas.width), np.uint8)
    whole[version.crop.window] = layer(version, MASK)
    return encode_png(whole)
