"""Versions over REST: asked for, watched, at other opacities."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.curators import curator
from garden.api.etag import answer_unless_known
from garden.api.fields import RowIdField, StringField, StringUUIDField, validated
from garden.api.serializers import errors
from garden.models import Image
from generation.api.canvases import (
    RetouchView,
    VersionSerializer,
    answer_file,
    content_of,
    file_schema,
    find_canvas,
    version_of,
)
from generation.jobs import cancel_slot, retry_slot
from generation.models import Version
from generation.retouch.edits import Edit, begin_retouch, layers_again
from generation.retouch.pixels import encode_shown
from generation.retouch.settings import Crop, NotFinishedError, RetouchSettings
from generation.retouch.versions import LAYERS, compose, read_file, with_opacity

STEERING: dict[str, Callable[..., Any]] = {"cancel": cancel_slot, "retry": retry_slot}
LARGEST_EDIT = 200_000


def find_version(pk: UUID) -> Version:
    return get_object_or_404(Version.objects.select_related("canvas", "canvas__image", "slot", "by", "image"), pk=pk)


def describe_version(version: Version, request: HttpRequest | Request) -> dict[str, Any]:
    described: dict[str, Any] = VersionSerializer(version, context={"request": request}).data
    return described


class EditSerializer(serializers.Serializer[Any]):
    """The part `edit` of a new version."""

    id = StringUUIDField(required=False, help_text="The same one twice is one version.")
    canvas = StringUUIDField()
    parent: Any = StringUUIDField(required=False, allow_null=True, default=None)
    crop = serializers.JSONField()
    settings = serializers.JSONField(required=False, default=dict)
    region = serializers.JSONField(required=False, default=lambda: {"kind": "mask"})
    reference_image = RowIdField(required=False)
    layers_of = StringUUIDField(required=False, help_text="Layers that are not sent come from this version.")


@extend_schema_field(EditSerializer)
class EditField(StringField):
    """A JSON string, since it travels beside files."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            read = json.loads(super().to_internal_value(data))
        except (ValueError, RecursionError) as error:
            raise serializers.ValidationError("It must be a JSON string.") from error
        return validated(EditSerializer, read)


class NewVersionSerializer(serializers.Serializer[Any]):
    edit = EditField(max_length=LARGEST_EDIT)
    mask = serializers.FileField(required=False, help_text="PNG of the crop's size; white is repainted.")
    line = serializers.FileField(required=False, help_text="PNG of the crop's size; white is a line.")
    reference = serializers.FileField(required=False)


class OpacitySerializer(serializers.Serializer[Any]):
    opacity = serializers.FloatField(min_value=0, max_value=1)
    id = StringUUIDField(required=False, help_text="The same one twice is one version.")


class VersionsView(RetouchView):
    @extend_schema(
        summary="Repaint a part of a picture",
        description="Through the queue: poll the version, or its job. 200 when this id was sent before.",
        request={"multipart/form-data": NewVersionSerializer},
        responses={200: VersionSerializer, 201: VersionSerializer, **errors(400, 404, 409)},
    )
    def post(self, request: Request) -> Response:
        given = validated(NewVersionSerializer, request.data)
        wanted = given["edit"].get("id") or uuid4()
        is_known = Version.objects.filter(pk=wanted).exists()
        _job, versions = begin_retouch(
            edits=[read_edit(given["edit"], given, wanted)],
            by=curator(request),
            request_key=f"retouch:{curator(request).pk}:{wanted}",
        )
        return Response(describe_version(versions[0], request), status=200 if is_known else 201)


class VersionView(RetouchView):
    @extend_schema(
        summary="How far a version is",
        description="With `If-None-Match` the answer is 304 until something changed.",
        responses={200: VersionSerializer, 304: None, **errors(404)},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        return answer_unless_known(request, describe_version(find_version(pk), request))


class SteerVersionView(RetouchView):
    verb = ""

    @extend_schema(
        summary="Cancel a version, or try it again",
        description="What is not finished is cancelled, and what failed or was cancelled is tried again with the same "
        "settings. Anything else stays as it is, and so do the other versions of its job.",
        request=None,
        responses={200: VersionSerializer, **errors(404, 409)},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        version = find_version(pk)
        if version.slot is None:
            raise NotFinishedError("It has no job any more.", version=str(pk))
        STEERING[self.verb](slot=version.slot)
        return Response(describe_version(find_version(pk), request))


class VersionPictureView(RetouchView):
    @extend_schema(
        summary="The whole picture with a version",
        description="Computed from the kept layers. PNG is lossless.",
        parameters=[OpenApiParameter("type", str, enum=["png", "jpeg", "webp"], default="png")],
        responses={**file_schema("image/png", "image/jpeg", "image/webp"), **errors(404, 409)},
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        wanted = request.query_params.get("type", "png")
        if wanted not in ("png", "jpeg", "webp"):
            raise Http404
        version = find_version(pk)
        if version.done_at is None:
            raise NotFinishedError("Its paint is not there yet.", version=str(pk))
        return answer_file(encode_shown(compose(version), wanted), f"image/{wanted}")


class LayerView(RetouchView):
    @extend_schema(summary="One layer of a version, lossless", responses={**file_schema("image/png"), **errors(404)})
    def get(self, request: Request, pk: UUID, name: str) -> HttpResponse:
        version = find_version(pk)
        if name not in LAYERS or name not in version.layers:
            raise Http404
        return answer_file(read_file(version.key_of(name)), "image/png")


class OpacityView(RetouchView):
    @extend_schema(
        summary="The same paint, laid on more or less densely",
        description="Another version that shares the layers, there at once; it becomes the current one.",
        request=OpacitySerializer,
        responses={201: VersionSerializer, **errors(400, 404, 409)},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        asked = validated(OpacitySerializer, request.data)
        again = with_opacity(
            version=find_version(pk), opacity=asked["opacity"], by=curator(request), version_id=asked.get("id")
        )
        return Response(describe_version(find_version(again.pk), request), status=201)


def read_edit(asked: dict[str, Any], files: dict[str, Any], wanted: UUID) -> Edit:
    """The edit that a request describes. Raises what its parts raise, and Http404."""
    canvas = find_canvas(asked["canvas"])
    drawn = {name: content_of(files.get(name), name) for name in ("mask", "line", "reference")}
    if "reference_image" in asked and drawn["reference"] is None:
        drawn["reference"] = read_file(get_object_or_404(Image, pk=asked["reference_image"]).key)
    repeats = version_of(canvas, asked.get("layers_of"))
    if repeats is not None:
        kept = layers_again(repeats)
        drawn = {name: content if content is not None else kept.get(name) for name, content in drawn.items()}
    return Edit(
        id=wanted,
        canvas=canvas,
        parent=version_of(canvas, asked["parent"]),
        repeats=repeats,
        crop=Crop.from_json(asked["crop"]),
        settings=RetouchSettings.from_json(asked["settings"]),
        region=asked["region"],
        **drawn,
    )
