"""Opening pictures, going back and forth between their versions, comparing them."""

import uuid
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.curators import CuratorView, curator
from garden.api.etag import answer_unless_known
from garden.api.fields import RowIdField, StringField, StringUUIDField, validated
from garden.api.formats import AnyTypeJSONParser
from garden.api.serializers import errors
from garden.models import Image
from generation.available_models import ignored_words
from generation.models import Canvas, Slot, Version
from generation.queue.progress import sentence_of
from generation.retouch.pixels import MOST_BYTES, encode_png, outline
from generation.retouch.settings import BadLayerError, Crop, LineMethod
from generation.retouch.versions import compare, compose_or_opened, make_current, open_image, open_upload, read_file

FOREVER = 31_536_000
LARGEST_SIDE = 100_000
"""Pixels; no picture is as wide or high."""


class RetouchView(CuratorView):
    permission = "generation.view_version"
    change_permission = "generation.retouch"
    parser_classes = [MultiPartParser, AnyTypeJSONParser]


def find_canvas(pk: UUID) -> Canvas:
    return get_object_or_404(Canvas.objects.select_related("image", "image__slot"), pk=pk)


def version_of(canvas: Canvas, named: UUID | str | None) -> Version | None:
    """A version of this canvas; None for the picture as it was opened."""
    if named in (None, "", "original"):
        return None
    try:
        wanted = uuid.UUID(str(named))
    except ValueError:
        raise Http404 from None
    return get_object_or_404(Version.objects.select_related("canvas", "slot", "by"), pk=wanted, canvas=canvas)


def content_of(file: Any, field: str) -> bytes | None:
    """The bytes of an uploaded file, if there is one."""
    if file is not None and file.size > MOST_BYTES:
        raise BadLayerError(f"{field} has more than {MOST_BYTES:,} bytes.", field=field)
    content: bytes | None = None if file is None else file.read()
    return content


def answer_file(content: bytes, media_type: str, *, forever: bool = True) -> HttpResponse:
    """Bytes that never change under their address, for this curator's browser alone."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Cache-Control"] = f"private, max-age={FOREVER}, immutable" if forever else "private, no-cache"
    answer["Content-Length"] = str(len(content))
    return answer


def file_schema(*types: str) -> dict[Any, Any]:
    """For the document: a picture of one of these types, or the word that its file is missing."""
    return {**{(200, media_type): bytes for media_type in types}, **errors(409)}


def url_of(request: HttpRequest | Request, name: str, *args: Any) -> str:
    """Of this site, wherever its files lie: what is drawn from here can be read again by the page."""
    return request.build_absolute_uri(reverse(f"curation:{name}", args=args))


class CropSerializer(serializers.Serializer[Crop]):
    """Pixels of the picture as shown; at least 64 wide and high."""

    x = serializers.IntegerField()
    y = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


@extend_schema_serializer(component_name="RetouchVersion")
class VersionSerializer(serializers.ModelSerializer[Version]):
    """Its context holds the request. `parent` null: the picture as it was opened; `image`: what it became."""

    crop = CropSerializer()
    settings = serializers.JSONField(source="chosen")
    layers = serializers.SerializerMethodField()
    state = serializers.CharField(help_text="queued, paused, leased, done, failed or cancelled")
    progress = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()
    job = serializers.UUIDField(source="slot.job_id", read_only=True, default=None, allow_null=True)
    engine = serializers.SerializerMethodField()
    ignored_words = serializers.SerializerMethodField(help_text="Words of the prompt that the engine does not draw.")
    by = serializers.CharField(source="by.username", read_only=True, default="")
    seconds = serializers.FloatField(source="slot.seconds", read_only=True, default=None, allow_null=True)
    picture = serializers.SerializerMethodField()

    class Meta:
        model = Version
        fields = (
            *("id", "canvas", "number", "parent", "repeats", "crop", "region", "settings", "seed", "opacity"),
            *("layers", "state", "progress", "error", "job", "engine", "model", "ignored_words", "by"),
            *("created_at", "done_at", "seconds", "picture", "image"),
        )

    def get_layers(self, version: Version) -> dict[str, str]:
        return {name: url_of(self.context["request"], "api-layer", version.pk, name) for name in version.layers}

    def get_progress(self, version: Version) -> float:
        if version.done_at is not None:
            return 1.0
        return version.slot.progress if version.slot else 0.0

    def get_error(self, version: Version) -> str:
        slot = version.slot
        return sentence_of(slot.error) if slot and slot.state != Slot.State.DONE else ""

    def get_engine(self, version: Version) -> str:
        return version.engine or (version.slot.engine if version.slot else "")

    def get_ignored_words(self, version: Version) -> list[str]:
        return list(ignored_words(version))

    def get_picture(self, version: Version) -> str | None:
        if version.done_at is None:
            return None
        return url_of(self.context["request"], "api-version-picture", version.pk)


class CanvasSerializer(serializers.ModelSerializer[Canvas]):
    """Its context holds the request. As many queries however many versions it has."""

    key = serializers.CharField(source="image.key", read_only=True, default=None, allow_null=True)
    image_state = serializers.CharField(source="image.state", read_only=True, default=None, allow_null=True)
    emotion = serializers.CharField(source="image.emotion", read_only=True, default="")
    favorite = serializers.CharField(source="image.favorite", read_only=True, default="")
    picture = serializers.SerializerMethodField()
    job = serializers.UUIDField(
        source="image.slot.job_id",
        read_only=True,
        default=None,
        allow_null=True,
        help_text="The job that made the picture.",
    )
    versions = serializers.SerializerMethodField()

    class Meta:
        model = Canvas
        fields = (
            *("id", "title", "image", "key", "image_state", "emotion", "favorite", "width", "height"),
            *("picture", "head", "job", "versions"),
        )

    def get_picture(self, canvas: Canvas) -> str:
        return url_of(self.context["request"], "api-canvas-picture", canvas.pk)

    @extend_schema_field(VersionSerializer(many=True))
    def get_versions(self, canvas: Canvas) -> Any:
        versions = canvas.versions.select_related("slot", "by").in_order()
        return VersionSerializer(versions, many=True, context=self.context).data


def describe_canvas(canvas: Canvas, request: HttpRequest | Request) -> dict[str, Any]:
    described: dict[str, Any] = CanvasSerializer(canvas, context={"request": request}).data
    return described


class NewCanvasSerializer(serializers.Serializer[Any]):
    """JSON with `image`, or multipart with `file`."""

    image = RowIdField(required=False)
    file = serializers.FileField(required=False)
    id = StringUUIDField(required=False, help_text="Of an upload: the same one twice is one canvas.")
    title = StringField(required=False, max_length=200, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("image" in attrs) == ("file" in attrs):
            raise serializers.ValidationError({"image": "Send an image's id or a file."})
        return attrs


class HeadSerializer(serializers.Serializer[Any]):
    version = StringUUIDField(allow_null=True)


class AskedOutlineSerializer(serializers.Serializer[Any]):
    version = serializers.UUIDField(required=False, allow_null=True, default=None)
    x = serializers.IntegerField(min_value=0, max_value=LARGEST_SIDE)
    y = serializers.IntegerField(min_value=0, max_value=LARGEST_SIDE)
    width = serializers.IntegerField(min_value=1, max_value=LARGEST_SIDE)
    height = serializers.IntegerField(min_value=1, max_value=LARGEST_SIDE)
    simplicity = serializers.FloatField(min_value=0, max_value=1, default=0.5)
    method = serializers.ChoiceField(choices=[str(one) for one in LineMethod], default=str(LineMethod.XDOG))


class DifferenceSerializer(serializers.Serializer[Any]):
    first = serializers.UUIDField(allow_null=True)
    second = serializers.UUIDField(allow_null=True)
    first_picture = serializers.URLField()
    second_picture = serializers.URLField()
    box = CropSerializer(allow_null=True)
    changed = serializers.FloatField(help_text="Share of the pixels.")
    largest = serializers.IntegerField(help_text="0 … 255")
    mean = serializers.FloatField()
    settings = serializers.DictField(child=serializers.ListField())


class CanvasesView(RetouchView):
    @extend_schema(
        summary="Open a picture to retouch it",
        description="An image's present file, or an upload. 201 when it is new, 200 when it was open already.",
        request=NewCanvasSerializer,
        responses={200: CanvasSerializer, 201: CanvasSerializer, **errors(400, 404)},
    )
    def post(self, request: Request) -> Response:
        asked = validated(NewCanvasSerializer, request.data)
        if "file" in asked:
            known = "id" in asked and Canvas.objects.filter(pk=asked["id"]).exists()
            canvas = open_upload(
                content=content_of(asked["file"], "file") or b"",
                title=asked["title"] or asked["file"].name,
                by=curator(request),
                canvas_id=asked.get("id"),
            )
        else:
            image = get_object_or_404(Image, pk=asked["image"])
            known = Canvas.objects.of_image(image).exists()
            canvas = open_image(image=image, by=curator(request))
        return Response(describe_canvas(find_canvas(canvas.pk), request), status=200 if known else 201)


class CanvasView(RetouchView):
    @extend_schema(
        summary="An opened picture and the tree of its versions",
        description="With `If-None-Match` the answer is 304 until something changed.",
        responses={200: CanvasSerializer, 304: None, **errors(404)},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        return answer_unless_known(request, describe_canvas(find_canvas(pk), request))


class CanvasPictureView(RetouchView):
    @extend_schema(
        summary="The picture as it was opened", responses=file_schema("image/jpeg", "image/png", "image/webp")
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        canvas = find_canvas(pk)
        return answer_file(read_file(canvas.file), f"image/{canvas.file.rpartition('.')[2]}")


class OutlineView(RetouchView):
    @extend_schema(
        summary="Line art of a part of a picture",
        description="Grey, of the crop's size: 255 is a line.",
        parameters=[AskedOutlineSerializer],
        responses={**file_schema("image/png"), **errors(400, 404)},
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        given = {key: value for key, value in request.query_params.items() if value}
        asked, canvas = validated(AskedOutlineSerializer, given), find_canvas(pk)
        crop = Crop(*(asked[name] for name in ("x", "y", "width", "height"))).check(canvas.width, canvas.height)
        pixels = compose_or_opened(canvas, version_of(canvas, asked["version"]))[crop.window]
        lines = outline(pixels.copy(), simplicity=asked["simplicity"], method=LineMethod(asked["method"]))
        return answer_file(encode_png(lines), "image/png")


class HeadView(RetouchView):
    @extend_schema(
        summary="Make a version the current one",
        description="Undo, redo and restore are this. Null is the picture as it was opened.",
        request=HeadSerializer,
        responses={200: CanvasSerializer, **errors(404, 409)},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        asked, canvas = validated(HeadSerializer, request.data), find_canvas(pk)
        make_current(canvas=canvas, version=version_of(canvas, asked["version"]))
        return Response(describe_canvas(canvas, request))


class CompareView(RetouchView):
    @extend_schema(
        summary="What differs between two versions",
        description="`original` (or nothing) is the picture as it was opened.",
        parameters=[OpenApiParameter("first", str), OpenApiParameter("second", str)],
        responses={200: DifferenceSerializer, **errors(404, 409)},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        canvas = find_canvas(pk)
        answer: dict[str, Any] = {}
        versions = []
        for name in ("first", "second"):
            version = version_of(canvas, request.query_params.get(name))
            versions.append(version)
            answer[name] = version and version.pk
            route, shown = ("api-version-picture", version) if version else ("api-canvas-picture", canvas)
            answer[f"{name}_picture"] = url_of(request, route, shown.pk)
        found = compare(canvas, *versions)
        numbers = {name: getattr(found, name) for name in ("changed", "largest", "mean", "settings")}
        return Response({**answer, "box": found.box and found.box.as_json(), **numbers})
