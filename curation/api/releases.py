"""Releases over REST: the history of a garden, differences, and the way back."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curation.api.operations import (
    ActSerializer,
    DiffSerializer,
    NoteSerializer,
    ReleaseSerializer,
    ReleasesSerializer,
    describe_operation,
)
from curation.errors import UnknownReleaseError
from curation.models import Release
from curation.services import cancel_schedule, diff, roll_back
from garden.api.curators import CuratorView, curator
from garden.api.fields import ROW_ID_SCHEMA, RowIdField, validated
from garden.api.serializers import errors
from garden.vocabulary import Emotion

PAGE = 100


class AskedReleasesSerializer(serializers.Serializer[Any]):
    garden = serializers.ChoiceField(choices=[emotion.value for emotion in Emotion])
    before = RowIdField(required=False)


class ReleasesView(CuratorView):
    permission = "curation.view_review"

    @extend_schema(
        summary="Releases of a garden, newest first",
        parameters=[AskedReleasesSerializer],
        responses={200: ReleasesSerializer, **errors(400)},
    )
    def get(self, request: Request) -> Response:
        asked = validated(AskedReleasesSerializer, request.query_params)
        releases = Release.objects.of_garden(asked["garden"]).select_related("by", "garden")
        if "before" in asked:
            releases = releases.filter(pk__lt=asked["before"])
        page = list(releases.order_by("-id")[:PAGE])
        onward = page[-1].pk if len(page) == PAGE else None
        return Response({"releases": [ReleaseSerializer(release).data for release in page], "next": onward})


class DiffView(CuratorView):
    permission = "curation.view_review"

    @extend_schema(
        summary="What differs between two releases of a garden",
        parameters=[OpenApiParameter("with", ROW_ID_SCHEMA, description="Another release; without it, the live one.")],
        responses={200: DiffSerializer, **errors(404)},
    )
    def get(self, request: Request, pk: int) -> Response:
        release = get_object_or_404(Release.objects.select_related("garden__live"), pk=pk)
        first, second = _number(release), _number(_other(release, request.query_params.get("with", "")))
        found = diff(garden=release.garden_id, first=first, second=second)
        answer = {"garden": release.garden_id, "first": first, "second": second}
        return Response({**answer, "added": found.added, "removed": found.removed})


class RollBackView(CuratorView):
    change_permission = "curation.roll_back_release"

    @extend_schema(
        summary="Make a garden again what it was at a release",
        description="It becomes a new release, which can be rolled back as any other.",
        request=NoteSerializer,
        responses={200: ActSerializer, **errors(404, 409)},
    )
    def post(self, request: Request, pk: int) -> Response:
        release = get_object_or_404(Release, pk=pk)
        wish = validated(NoteSerializer, request.data)
        garden, number = release.garden_id, _number(release)
        operation = roll_back(
            garden=garden, number=number, by=curator(request), note=wish["note"], operation_id=wish.get("id")
        )
        return Response(describe_operation(operation))


class CancelView(CuratorView):
    change_permission = "curation.publish_images"

    @extend_schema(
        summary="Cancel a scheduled release",
        request=NoteSerializer,
        responses={200: ActSerializer, **errors(404, 409)},
    )
    def post(self, request: Request, pk: int) -> Response:
        asked = validated(NoteSerializer, request.data)
        release, note = get_object_or_404(Release, pk=pk), asked["note"]
        return Response(describe_operation(cancel_schedule(release=release, by=curator(request), note=note)))


def _other(release: Release, asked: str) -> Release:
    if not asked:
        return release.garden.live or release
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        raise UnknownReleaseError("with: this is not the id of a release.", field="with")
    return get_object_or_404(Release, pk=int(asked), garden=release.garden_id)


def _number(release: Release) -> int:
    if release.number is None:
        raise UnknownReleaseError("This release is not live yet, or was cancelled.", release=release.pk)
    return release.number
