"""Releases over REST: the history of a garden, differences, and the way back."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curation.api.operations import NoteSerializer, OperationSerializer, ReleaseNameSerializer, describe_operation
from curation.errors import UnknownReleaseError
from curation.library.filters import id_in
from curation.models import Release
from curation.services.operations import cancel_schedule, roll_back
from curation.services.releases import diff
from garden.api.curators import CuratorView, curator
from garden.api.fields import ROW_ID_SCHEMA, RowIdField, validated
from garden.api.serializers import errors
from garden.vocabulary import Emotion

PAGE = 100


class ReleaseSerializer(ReleaseNameSerializer):
    by = serializers.CharField(source="by.username", read_only=True, default="")
    act = serializers.UUIDField(source="operation_id", read_only=True, allow_null=True)
    live = serializers.SerializerMethodField()

    class Meta(ReleaseNameSerializer.Meta):
        fields = read_only_fields = (  # type: ignore[assignment]
            *ReleaseNameSerializer.Meta.fields,
            *("by", "note", "act", "added", "removed", "returns_to", "created_at", "live_at", "cancelled_at", "live"),
        )

    def get_live(self, release: Release) -> bool:
        return release.garden.live_id == release.pk


class ReleasesSerializer(serializers.Serializer[Any]):
    releases = ReleaseSerializer(many=True)
    next = serializers.IntegerField(allow_null=True, help_text="The `before` of the next page.")


class DiffSerializer(serializers.Serializer[Any]):
    """Keys that the later one has and the earlier one has not, and the other way round."""

    garden = serializers.CharField()
    first = serializers.IntegerField()
    second = serializers.IntegerField()
    added = serializers.ListField(child=serializers.CharField())
    removed = serializers.ListField(child=serializers.CharField())


class ReleaseQuerySerializer(serializers.Serializer[Any]):
    garden = serializers.ChoiceField(choices=[emotion.value for emotion in Emotion])
    before = RowIdField(required=False)


class ReleasesView(CuratorView):
    permission = "curation.view_review"

    @extend_schema(
        summary="Releases of a garden, newest first",
        parameters=[ReleaseQuerySerializer],
        responses=ReleasesSerializer,
    )
    def get(self, request: Request) -> Response:
        data = validated(ReleaseQuerySerializer, request.query_params)
        releases = Release.objects.of_garden(data["garden"]).select_related("by", "garden")
        if "before" in data:
            releases = releases.filter(pk__lt=data["before"])
        page = list(releases.order_by("-id")[:PAGE])
        onward = page[-1].pk if len(page) == PAGE else None
        return Response({"releases": ReleaseSerializer(page, many=True).data, "next": onward})


class DiffView(CuratorView):
    permission = "curation.view_review"

    @extend_schema(
        summary="What differs between two releases of a garden",
        parameters=[OpenApiParameter("with", ROW_ID_SCHEMA, description="Another release; without it, the live one.")],
        responses=DiffSerializer,
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
        responses={200: OperationSerializer, **errors(409)},
    )
    def post(self, request: Request, pk: int) -> Response:
        release = get_object_or_404(Release, pk=pk)
        data = validated(NoteSerializer, request.data)
        operation = roll_back(
            garden=release.garden_id,
            number=_number(release),
            by=curator(request),
            note=data["note"],
            operation_id=data.get("id"),
        )
        return Response(describe_operation(operation))


class CancelView(CuratorView):
    change_permission = "curation.publish_images"

    @extend_schema(
        summary="Cancel a scheduled release",
        request=NoteSerializer,
        responses={200: OperationSerializer, **errors(409)},
    )
    def post(self, request: Request, pk: int) -> Response:
        data = validated(NoteSerializer, request.data)
        release, note = get_object_or_404(Release, pk=pk), data["note"]
        return Response(describe_operation(cancel_schedule(release=release, by=curator(request), note=note)))


def _other(release: Release, data: str) -> Release:
    if not data:
        return release.garden.live or release
    if (pk := id_in(data)) is None:
        raise UnknownReleaseError("with: this is not the id of a release.", field="with")
    return get_object_or_404(Release, pk=pk, garden=release.garden_id)


def _number(release: Release) -> int:
    if release.number is None:
        raise UnknownReleaseError("This release is not live yet, or was cancelled.", release=release.pk)
    return release.number
