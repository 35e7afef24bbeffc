"""Batches: asked for, previewed, run, steered and watched."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from curation.api.images import FilterSerializer, describe_page
from curation.api.retouch.batch_describing import describe_batch, describe_items
from curation.api.retouch.batch_serializers import (
    AskedCandidatesSerializer,
    AskedItemsSerializer,
    BatchItemsSerializer,
    BatchSerializer,
    CandidatesSerializer,
    CheckedRecipeSerializer,
    NewBatchSerializer,
    PreviewSerializer,
    RecipeSerializer,
)
from curation.api.retouch.finding import RetouchView, content_of, find_version
from curation.batches.choosing import ids_of, mask_of, usable
from curation.library.paging import Page, rows_with
from garden.api.curators import curator
from garden.api.etag import answer_unless_known
from garden.api.serializers import ErrorSerializer
from generation.jobs import cancel_job, pause_job, resume_job, retry_failed
from generation.models import RetouchBatch
from generation.retouch.batch.items import items_of
from generation.retouch.batch.orders import MOST, choose_images, plan_batch, preview_batch, run_batch
from generation.retouch.batch.recipe import Recipe
from generation.retouch.settings import NotFinishedError

STEERING = {"pause": pause_job, "resume": resume_job, "cancel": cancel_job, "retry": retry_failed}


def find_batch(pk: UUID) -> RetouchBatch:
    return get_object_or_404(RetouchBatch.objects.select_related("job", "by"), pk=pk)


class BatchesView(RetouchView):
    @extend_schema(
        summary="The same recipe on many pictures",
        description="Nothing is made yet: preview it, then run it. 200 when this id was sent before. What the same "
        "recipe made of the same file before is skipped, unless `again`. Pictures of the trash are refused: `unusable` "
        "names them.",
        request={"application/json": NewBatchSerializer, "multipart/form-data": NewBatchSerializer},
        responses={200: BatchSerializer, 201: BatchSerializer, 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        given = NewBatchSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
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


class BatchView(RetouchView):
    @extend_schema(
        summary="How a batch goes",
        description="With `If-None-Match` the answer is 304 until something changed.",
        responses={200: BatchSerializer, 304: None, 404: ErrorSerializer},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        return answer_unless_known(request, describe_batch(find_batch(pk), request))


class BatchItemsView(RetouchView):
    @extend_schema(
        summary="Pictures of a batch, in their order",
        parameters=[AskedItemsSerializer],
        responses={200: BatchItemsSerializer, 304: None, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        given = AskedItemsSerializer(data=request.query_params)
        given.is_valid(raise_exception=True)
        asked, batch = given.validated_data, find_batch(pk)
        items = items_of(batch, asked["state"])
        shown = items[asked["start"] : asked["start"] + asked["limit"]]
        page = {"total": items.count(), "items": describe_items(shown, request)}
        return answer_unless_known(request, page)


class PreviewBatchView(RetouchView):
    @extend_schema(
        summary="Make three pictures of a batch first",
        request=PreviewSerializer,
        responses={200: BatchSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        asked = PreviewSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        preview_batch(batch=find_batch(pk), numbers=asked.validated_data["items"])
        return Response(describe_batch(find_batch(pk), request))


class RunBatchView(RetouchView):
    @extend_schema(
        summary="Make the rest of a batch",
        description="Sent twice it is once.",
        request=None,
        responses={200: BatchSerializer, 404: ErrorSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        run_batch(batch=find_batch(pk))
        return Response(describe_batch(find_batch(pk), request))


class SteerBatchView(RetouchView):
    verb = ""

    @extend_schema(
        summary="Pause, resume, cancel or retry a batch",
        request=None,
        responses={200: BatchSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
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
        responses={200: RecipeSerializer, 400: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        given = CheckedRecipeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(Recipe.from_json(given.validated_data["recipe"]).as_json())


class CandidatesView(RetouchView):
    @extend_schema(
        summary="Pictures that a filter would bring into a batch",
        parameters=[FilterSerializer, AskedCandidatesSerializer],
        responses={200: CandidatesSerializer, 400: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        given = AskedCandidatesSerializer(data=request.query_params)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        ids = usable(asked["ids"]) if "ids" in asked else ids_of(_filter_of(request._request))
        shown = ids[asked["start"] : asked["start"] + asked["limit"]]
        page = describe_page(Page(rows_with(shown), None, None), request._request)
        return answer_unless_known(request, {"total": len(ids), "most": MOST, "images": page["images"]})


def _ids(asked: dict[str, Any]) -> list[int]:
    return asked["images"] if "images" in asked else ids_of(asked["filter"], asked.get("without", ()))


def _filter_of(request: HttpRequest) -> dict[str, str]:
    paging = AskedCandidatesSerializer().fields
    return {name: str(value) for name, value in request.GET.items() if value and name not in paging}


def _mask(asked: dict[str, Any]) -> bytes | None:
    if "mask_of" in asked:
        return mask_of(find_version(asked["mask_of"]))
    return content_of(asked.get("mask"), "mask")
