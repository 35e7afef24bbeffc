"""Bulk operations over REST: begin, watch, undo."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curation.library.filters import FilterSerializer, ImageFilter
from curation.models import BulkOperation, Release
from curation.models.operation import Kind
from curation.services import begin_operation, undo_operation
from curation.services.operations import MOST, check_may
from garden.api.curators import CuratorView, curator
from garden.api.etag import answer_unless_known
from garden.api.fields import RowIdField, StringField, StringUUIDField, validated
from garden.api.serializers import errors
from garden.storage.keys import is_favorite
from garden.vocabulary import Emotion

ASKABLE = [kind.value for kind in (Kind.REMOVE, Kind.PUBLISH, Kind.RESTORE, Kind.WITHDRAW, Kind.LABEL, Kind.PURGE)]
NOTE = 2_000


class LabelsSerializer(serializers.Serializer[Any]):
    """What is left out stays as it is; an empty favorite is none."""

    emotion = serializers.ChoiceField(choices=[str(emotion) for emotion in Emotion], required=False)
    favorite = StringField(max_length=100, allow_blank=True, required=False)

    def validate_favorite(self, favorite: str) -> str:
        if favorite and not is_favorite(favorite):
            raise serializers.ValidationError("A favorite is printable text without a slash.")
        return favorite

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError("Give an emotion, a favorite or both.")
        return attrs


class NewActSerializer(serializers.Serializer[Any]):
    """Give `images` or `filter`. The same `id` twice is one act."""

    id = StringUUIDField()
    kind = serializers.ChoiceField(choices=ASKABLE)
    images = serializers.ListField(child=RowIdField(), max_length=MOST, required=False)
    filter = FilterSerializer(required=False)
    labels = LabelsSerializer(required=False, help_text="For `label` alone, which needs them.")
    note = StringField(max_length=NOTE, required=False, allow_blank=True, default="")
    schedule = serializers.DateTimeField(required=False, allow_null=True, default=None)

    def to_internal_value(self, data: Any) -> Any:
        """The filter as it was sent: `ImageFilter` reads it."""
        read = super().to_internal_value(data)
        if "filter" in read:
            read["filter"] = data["filter"]
        return read

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("images" in attrs) == ("filter" in attrs):
            raise serializers.ValidationError({"images": "Give images or a filter, not both."})
        if ("labels" in attrs) != (attrs["kind"] == Kind.LABEL):
            raise serializers.ValidationError({"labels": "`label` needs labels, and no other kind has them."})
        return attrs


class NoteSerializer(serializers.Serializer[Any]):
    id = StringUUIDField(required=False, help_text="The same one twice is one act.")
    note = StringField(max_length=NOTE, required=False, allow_blank=True, default="")


class ReleaseNameSerializer(serializers.Serializer[Release]):
    id = serializers.IntegerField()
    garden = serializers.CharField(source="garden_id")
    number = serializers.IntegerField(allow_null=True, help_text="None until it goes live.")
    goes_live_at = serializers.DateTimeField(allow_null=True)


class ActSerializer(serializers.Serializer[BulkOperation]):
    """Poll it while `state` is `queued` or `running`. `total` of them fitted, the others were left alone."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    state = serializers.CharField()
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    error = serializers.CharField()
    note = serializers.CharField()
    by = serializers.SerializerMethodField()
    at = serializers.DateTimeField()
    undoable = serializers.BooleanField(source="is_undoable")
    undoes = serializers.UUIDField(source="undoes_id", allow_null=True)
    releases = ReleaseNameSerializer(many=True)

    def get_by(self, operation: BulkOperation) -> str:
        return operation.by.get_username() if operation.by else ""


class ReleaseSerializer(ReleaseNameSerializer):
    by = serializers.SerializerMethodField()
    note = serializers.CharField()
    act = serializers.UUIDField(source="operation_id", allow_null=True)
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    returns_to = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    live_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
    live = serializers.SerializerMethodField()

    def get_by(self, release: Release) -> str:
        return release.by.get_username() if release.by else ""

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


def describe_operation(operation: BulkOperation) -> dict[str, Any]:
    found = BulkOperation.objects.select_related("by", "undone_by").prefetch_related("releases").get(pk=operation.pk)
    described: dict[str, Any] = dict(ActSerializer(found).data)
    return described


class OperationsView(CuratorView):
    change_permission = "curation.view_review"

    @extend_schema(
        summary="Do something to many pictures at once",
        description="Needs the permission of its kind. Up to 200 pictures it is done when the answer comes, more are "
        "done by a worker: poll. 201 when it is new, 200 when this id was sent before.",
        request=NewActSerializer,
        responses={200: ActSerializer, 201: ActSerializer, **errors(400, 403, 409)},
    )
    def post(self, request: Request) -> Response:
        asked = validated(NewActSerializer, request.data)
        check_may(request.user, asked["kind"])
        known = BulkOperation.objects.filter(pk=asked["id"]).exists()
        operation = begin_operation(
            kind=asked["kind"],
            by=curator(request),
            images=asked.get("images", ()),
            selection=ImageFilter.from_json(asked["filter"]) if "filter" in asked else None,
            note=asked["note"],
            operation_id=asked["id"],
            schedule=asked["schedule"],
            labels=asked.get("labels"),
        )
        return Response(describe_operation(operation), status=200 if known else 201)


class OperationView(CuratorView):
    permission = "curation.view_review"

    @extend_schema(
        summary="How far an act is",
        description="With `If-None-Match` the answer is 304 until something changed.",
        responses={200: ActSerializer, 304: None, **errors(404)},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        return answer_unless_known(request, describe_operation(get_object_or_404(BulkOperation, pk=pk)))


class UndoView(CuratorView):
    change_permission = "curation.view_review"

    @extend_schema(
        summary="Undo an act",
        description="Needs the permission of the act's kind. What was moved again since stays. Twice is once.",
        request=NoteSerializer,
        responses={200: ActSerializer, **errors(403, 404, 409)},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        asked = validated(NoteSerializer, request.data)
        operation = undo_operation(
            operation=get_object_or_404(BulkOperation, pk=pk), by=curator(request), note=asked["note"]
        )
        return Response(describe_operation(operation))
