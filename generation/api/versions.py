"""Versions over REST: create, state, cancel, retry, opacity."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.curators import curator
from garden.api.etag import answer_unless_known
from garden.api.fields import JSONPart, RowIdField, StringUUIDField, validated
from garden.api.serializers import errors
from garden.models import Image
from generation.api.canvases import (
    RetouchVersionSerializer,
    RetouchView,
    answer_file,
    file_schema,
    find_canvas,
    version_of,
)
from generation.jobs import cancel_slot, retry_slot
from generation.models import Version
from generation.retouch.edits import Edit, layers_again, submit_retouch
from generation.retouch.pixels import encode_shown, sized
from generation.retouch.settings import Crop, NotFinishedError, RetouchSettings
from generation.retouch.versions import LAYERS, compose, read_file, with_opacity

STEERING: dict[str, Callable[..., Any]] = {"cancel": cancel_slot, "retry": retry_slot}


def find_version(pk: UUID) -> Version:
    return get_object_or_404(Version.objects.select_related("canvas", "canvas__image", "slot", "by", "image"), pk=pk)


def describe_version(version: Version, request: HttpRequest | Request) -> dict[str, Any]:
    described: dict[str, Any] = RetouchVersionSerializer(version, context={"request": request}).data
    return described


class EditSerializer(serializers.Serializer[Any]):
    """The part `edit` of a new version."""

    id = StringUUIDField(required=False, help_text="Idempotency: the same id is one version.")
    canvas = StringUUIDField()
    parent: Any = StringUUIDField(required=False, allow_null=True, default=None)
    crop = serializers.JSONField()
    settings = serializers.JSONField(required=False, default=dict)
    region = serializers.JSONField(required=False, default=lambda: {"kind": "mask"})
    reference_image = RowIdField(required=False)
    layers_of = StringUUIDField(required=False, help_text="Layers that are not sent come from this version.")


@extend_schema_field(EditSerializer)
class EditField(JSONPart):
    """A JSON string in a multipart request."""

    def to_internal_value(self, data: Any) -> Any:
        return validated(EditSerializer, super().to_internal_value(data))


class NewVersionSerializer(serializers.Serializer[Any]):
    edit = EditField()
    mask = serializers.FileField(required=False, help_text="PNG of the crop's size; white is repainted.")
    line = serializers.FileField(required=False, help_text="PNG of the crop's size; white is a line.")
    reference = serializers.FileField(required=False)


class OpacitySerializer(serializers.Serializer[Any]):
    opacity = serializers.FloatField(min_value=0, max_value=1)
    id = StringUUIDField(required=False, help_text="Idempotency: the same id is one version.")


class VersionsView(RetouchView):
    @extend_schema(
        summary="Repaint a part of a picture",
        description="Through the queue: poll the version, or its job. 200 if the id already exists.",
        request={"multipart/form-data": NewVersionSerializer},
        responses={200: RetouchVersionSerializer, 201: RetouchVersionSerializer, **errors(404, 409)},
    )
    def post(self, request: Request) -> Response:
        data = validated(NewVersionSerializer, request.data)
        version_id = data["edit"].get("id") or uuid4()
        is_known = Version.objects.filter(pk=version_id).exists()
        _job, versions = submit_retouch(
            edits=[read_edit(data["edit"], data, version_id)],
            by=curator(request),
            request_key=f"retouch:{curator(request).pk}:{version_id}",
        )
        return Response(describe_version(versions[0], request), status=200 if is_known else 201)


class RetouchVersionView(RetouchView):
    @extend_schema(
        summary="State of a version",
        description="With `If-None-Match` the response is 304 until something changes.",
        responses={200: RetouchVersionSerializer, 304: None},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        return answer_unless_known(request, describe_version(find_version(pk), request))


class SteerVersionView(RetouchView):
    verb = ""

    @extend_schema(
        summary="Cancel or retry a version",
        description="Cancel affects an open version; retry a failed or cancelled one, with the same settings. Else "
        "nothing changes. Other versions of the job are not affected.",
        request=None,
        responses={200: RetouchVersionSerializer, **errors(409)},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        version = find_version(pk)
        if version.slot is None:
            raise NotFinishedError("The version has no job any more.", version=str(pk))
        STEERING[self.verb](slot=version.slot)
        return Response(describe_version(find_version(pk), request))


class PictureQuerySerializer(serializers.Serializer[Any]):
    type = serializers.ChoiceField(choices=["png", "jpeg", "webp"], default="png")
    side = serializers.IntegerField(min_value=16, max_value=2048, required=False, help_text="Longest side, pixels.")


class VersionPictureView(RetouchView):
    @extend_schema(
        summary="The whole picture with a version",
        description="Composed from the stored layers. PNG is lossless.",
        parameters=[PictureQuerySerializer],
        responses={**file_schema("image/png", "image/jpeg", "image/webp"), **errors(409)},
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        data, version = validated(PictureQuerySerializer, request.query_params), find_version(pk)
        if version.done_at is None:
            raise NotFinishedError("The version is not finished.", version=str(pk))
        pixels = compose(version)
        if "side" in data:
            height, width = pixels.shape[:2]
            share = min(1, data["side"] / max(height, width))
            pixels = sized(pixels, (max(1, round(width * share)), max(1, round(height * share))))
        return answer_file(encode_shown(pixels, data["type"]), f"image/{data['type']}")


class LayerView(RetouchView):
    @extend_schema(summary="One layer of a version, lossless", responses=file_schema("image/png"))
    def get(self, request: Request, pk: UUID, name: str) -> HttpResponse:
        version = find_version(pk)
        if name not in LAYERS or name not in version.layers:
            raise Http404
        return answer_file(read_file(version.key_of(name)), "image/png")


class OpacityView(RetouchView):
    @extend_schema(
        summary="Change the opacity of a version",
        description="Creates a finished version that shares the layers, and makes it the current one.",
        request=OpacitySerializer,
        responses={201: RetouchVersionSerializer, **errors(409)},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        data = validated(OpacitySerializer, request.data)
        again = with_opacity(
            version=find_version(pk), opacity=data["opacity"], by=curator(request), version_id=data.get("id")
        )
        return Response(describe_version(find_version(again.pk), request), status=201)


def read_edit(data: dict[str, Any], files: dict[str, Any], version_id: UUID) -> Edit:
    """Raises the errors of the edit's parts, and Http404."""
    canvas = find_canvas(data["canvas"])
    drawn = {name: files[name].read() if files.get(name) else None for name in ("mask", "line", "reference")}
    if "reference_image" in data and drawn["reference"] is None:
        drawn["reference"] = read_file(get_object_or_404(Image, pk=data["reference_image"]).key)
    repeats = version_of(canvas, data.get("layers_of"))
    if repeats is not None:
        kept = layers_again(repeats)
        drawn = {name: content if content is not None else kept.get(name) for name, content in drawn.items()}
    return Edit(
        id=version_id,
        canvas=canvas,
        parent=version_of(canvas, data["parent"]),
        repeats=repeats,
        crop=Crop.from_json(data["crop"]),
        settings=RetouchSettings.from_json(data["settings"]),
        region=data["region"],
        **drawn,
    )
