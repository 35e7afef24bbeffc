"""Which pictures a batch is for, as curators choose them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curation.api.images import IdsField, describe_page
from curation.library.filters import FilterSerializer, ImageFilter
from curation.library.paging import Page, rows_with
from garden.api.curators import curator
from garden.api.etag import answer_unless_known
from garden.api.fields import validated
from garden.api.serializers import errors
from garden.models import Image
from generation.api.canvases import RetouchView, content_of
from generation.api.retouch_batches import (
    AskedPartSerializer,
    BatchSerializer,
    NewBatchSerializer,
    describe_batch,
    find_batch,
)
from generation.api.versions import find_version
from generation.models import RetouchBatch, Version
from generation.retouch.batch.orders import MOST, PORTION, choose_images, plan_batch
from generation.retouch.batch.recipe import Recipe
from generation.retouch.pixels import encode_png
from generation.retouch.settings import BadRecipeError
from generation.retouch.versions import MASK, layer


class AskedCandidatesSerializer(AskedPartSerializer):
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
        responses={200: BatchSerializer, 201: BatchSerializer, **errors(400, 409)},
    )
    def post(self, request: Request) -> Response:
        asked = validated(NewBatchSerializer, request.data)
        known = "id" in asked and RetouchBatch.objects.filter(pk=asked["id"]).exists()
        recipe = Recipe.from_json(asked["recipe"])
        batch = plan_batch(
            recipe=recipe,
            chosen={} if known else choose_images(recipe, _ids(asked)),
            by=curator(request),
            batch_id=asked.get("id"),
            title=asked["title"],
            mask=_mask(asked),
            again=asked["again"],
        )
        return Response(describe_batch(find_batch(batch.pk), request), status=200 if known else 201)


class CandidatesView(RetouchView):
    @extend_schema(
        summary="Pictures that a filter would bring into a batch",
        parameters=[FilterSerializer, AskedCandidatesSerializer],
        responses={200: CandidatesSerializer, **errors(400)},
    )
    def get(self, request: Request) -> Response:
        asked = validated(AskedCandidatesSerializer, request.query_params)
        paging = AskedCandidatesSerializer().fields
        wanted = {name: value for name, value in request.GET.items() if value and name not in paging}
        ids = usable(asked["ids"]) if "ids" in asked else ids_of(wanted)
        shown = ids[asked["start"] : asked["start"] + asked["limit"]]
        page = describe_page(Page(rows_with(shown), None, None), request._request)
        return answer_unless_known(request, {"total": len(ids), "most": MOST, "images": page["images"]})


def usable(ids: Sequence[int]) -> list[int]:
    """Those of these pictures that are there and not in the trash, in the same order."""
    kept: set[int] = set()
    for start in range(0, len(ids), PORTION):
        part = Image.objects.filter(pk__in=ids[start : start + PORTION]).exclude(state=Image.State.TRASH)
        kept.update(part.values_list("pk", flat=True))
    return [pk for pk in ids if pk in kept]


def ids_of(given: Mapping[str, Any], without: Sequence[int] = ()) -> list[int]:
    """What a filter shows, newest first as its list does, without some. Raises InvalidFilterError, BadRecipeError."""
    left_out, asked = set(without), ImageFilter.from_json(given)
    if asked.state == Image.State.TRASH:
        raise BadRecipeError("filter", "shows the trash: restore its pictures first")
    wanted = asked.apply(Image.objects.all()).order_by("-id")
    ids = list(wanted.values_list("pk", flat=True)[: MOST + len(left_out) + 1])
    chosen = [pk for pk in ids if pk not in left_out]
    if len(chosen) > MOST:
        raise BadRecipeError("filter", f"shows more than {MOST:,} pictures: choose a part of them")
    return chosen


def mask_of(version: Version) -> bytes:
    """A version's mask in the whole of its picture. Raises NotFinishedError."""
    canvas = version.canvas
    whole = np.zeros((canvas.height, canvas.width), np.uint8)
    whole[version.crop.window] = layer(version, MASK)
    return encode_png(whole)


def _ids(asked: dict[str, Any]) -> list[int]:
    return asked["images"] if "images" in asked else ids_of(asked["filter"], asked.get("without", ()))


def _mask(asked: dict[str, Any]) -> bytes | None:
    if "mask_of" in asked:
        return mask_of(find_version(asked["mask_of"]))
    return content_of(asked.get("mask"), "mask")
