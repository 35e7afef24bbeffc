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
from curation.models.operation import OperationKind
from curation.services.operations import MOST, begin_operation, check_may, undo_operation
from garden.api.curators import CuratorView, curator
from garden.api.etag import answer_unless_known
from garden.api.fields import FavoriteField, RowIdField, StringField, StringUUIDField, validated
from garden.api.serializers import errors
from garden.vocabulary import Emotion

ASKABLE = [
    OperationKind.REMOVE.value,
    OperationKind.PUBLISH.value,
    OperationKind.RESTORE.value,
    OperationKind.WITHDRAW.value,
    OperationKind.LABEL.value,
    OperationKind.PURGE.value,
]
NOTE = 2_000


class LabelsSerializer(serializers.Serializer[Any]):
    """What is left out stays as it is; an empty favorite is none."""

    emotion = serializers.ChoiceField(choices=[str(emotion) for emotion in Emotion], required=False)
    favorite = FavoriteField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError("Give an emotion, a favorite or both.")
        return attrs


class NewOperationSerializer(serializers.Serializer[Any]):
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
        if ("labels" in attrs) != (attrs["kind"] == OperationKind.LABEL):
            raise serializers.ValidationError({"labels": "`label` needs labels, and no other kind has them."})
        return attrs


class NoteSerializer(serializers.Serializer[Any]):
    id = StringUUIDField(required=False, help_text="The same one twice is one act.")
    note = StringField(max_length=NOTE, required=False, allow_blank=True, default="")


class ReleaseNameSerializer(serializers.ModelSerializer[Release]):
    number = serializers.IntegerField(read_only=True, allow_null=True, help_text="None until it goes live.")

    class Meta:
        model = Release
        fields = read_only_fields = ("id", "garden", "number", "goes_live_at")


class OperationSerializer(serializers.ModelSerializer[BulkOperation]):
    """Poll it while `state` is `queued` or `running`. `total` of them fitted, the others were left alone."""

    kind = serializers.CharField()
    state = serializers.CharField()
    by = serializers.CharField(source="by.username", read_only=True, default="")
    undoable = serializers.BooleanField(source="is_undoable")
    releases = ReleaseNameSerializer(many=True)

    class Meta:
        model = BulkOperation
        fields = read_only_fields = (
            *("id", "kind", "state", "total", "done", "error", "note", "by", "at"),
            *("undoable", "undoes", "releases"),
        )


def describe_operation(operation: BulkOperation) -> dict[str, Any]:
    found = BulkOperation.objects.select_related("by", "undone_by").prefetch_related("releases").get(pk=operation.pk)
    described: dict[str, Any] = dict(OperationSerializer(found).data)
    return described


class OperationsView(CuratorView):
    change_permission = "curation.view_review"

    @extend_schema(
        summary="Do something to many pictures at once",
        description="Needs the permission of its kind. Up to 200 pictures it is done when the answer comes, more are "
        "done by a worker: poll. 201 when it is new, 200 when this id was sent before.",
        request=NewOperationSerializer,
        responses={200: OperationSerializer, 201: OperationSerializer, **errors(409)},
    )
    def post(self, request: Request) -> Response:
        data = validated(NewOperationSerializer, request.data)
        check_may(request.user, data["kind"])
        known = BulkOperation.objects.filter(pk=data["id"]).exists()
        operation = begin_operation(
            kind=data["kind"],
            by=curator(request),
            images=data.get("images", ()),
            selection=ImageFilter.from_json(data["filter"]) if "filter" in data else None,
            note=data["note"],
            operation_id=data["id"],
            schedule=data["schedule"],
            labels=data.get("labels"),
        )
        return Response(describe_operation(operation), status=200 if known else 201)


class OperationView(CuratorView):
    permission = "curation.view_review"

    @extend_schema(
        summary="How far an act is",
        description="With `If-None-Match` the answer is 304 until something changed.",
        responses={200: OperationSerializer, 304: None},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        return answer_unless_known(request, describe_operation(get_object_or_404(BulkOperation, pk=pk)))


class UndoView(CuratorView):
    change_permission = "curation.view_review"

    @extend_schema(
        summary="Undo an act",
        description="Needs the permission of the act's kind. What was moved again since stays. Twice is once.",
        request=NoteSerializer,
        responses={200: OperationSerializer, **errors(409)},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        data = validated(NoteSerializer, request.data)
        operation = undo_operation(
            operation=get_object_or_404(BulkOperation, pk=pk), by=curator(request), note=data["note"]
        )
        return Response(describe_operation(operation))
