"""Canvases over REST: open pictures, choose the current version, compare versions."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
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
from generation.retouch.pixels import encode_png, outline
from generation.retouch.settings import Crop, LineMethod
from generation.retouch.versions import compare, compose_or_opened, make_current, open_image, open_upload, read_file

MAX_AGE = 31_536_000
LARGEST_SIDE = 100_000
"""Pixels; an upper bound of width and height."""


class RetouchView(CuratorView):
    permission = "generation.view_version"
    change_permission = "generation.retouch"
    parser_classes = [MultiPartParser, AnyTypeJSONParser]


def find_canvas(pk: UUID) -> Canvas:
    return get_object_or_404(Canvas.objects.select_related("image", "image__slot"), pk=pk)


def version_of(canvas: Canvas, named: UUID | str | None) -> Version | None:
    """A version of this canvas; None for the original picture."""
    if named in (None, "", "original"):
        return None
    return get_object_or_404(Version.objects.select_related("canvas", "slot", "by"), pk=named, canvas=canvas)


def answer_file(content: bytes, media_type: str, *, immutable: bool = True) -> HttpResponse:
    """A file that only this user's browser may cache."""
    caching = f"private, max-age={MAX_AGE}, immutable" if immutable else "private, no-cache"
    return HttpResponse(content, content_type=media_type, headers={"Cache-Control": caching})


def file_schema(*types: str) -> dict[Any, Any]:
    """OpenAPI responses: a picture of one of these types, or 409 when its file is missing."""
    return {**{(200, media_type): bytes for media_type in types}, **errors(409)}


def url_of(request: HttpRequest | Request, name: str, *args: Any) -> str:
    """Same-origin URLs, so that a page can read the pixels of a canvas element."""
    return request.build_absolute_uri(reverse(f"curation:{name}", args=args))


class CropSerializer(serializers.Serializer[Crop]):
    """Pixels of the picture as shown; at least 64 wide and high."""

    x = serializers.IntegerField(min_value=0, max_value=LARGEST_SIDE)
    y = serializers.IntegerField(min_value=0, max_value=LARGEST_SIDE)
    width = serializers.IntegerField(min_value=1, max_value=LARGEST_SIDE)
    height = serializers.IntegerField(min_value=1, max_value=LARGEST_SIDE)


@extend_schema_serializer(component_name="RetouchVersion")
class RetouchVersionSerializer(serializers.ModelSerializer[Version]):
    """Needs `request` in its context. `parent` is null for edits of the original; `image` is the published picture."""

    crop = CropSerializer()
    settings = serializers.JSONField(source="chosen")
    layers = serializers.SerializerMethodField()
    state = serializers.CharField(help_text="queued, paused, leased, done, failed or cancelled")
    progress = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()
    job = serializers.UUIDField(source="slot.job_id", read_only=True, default=None, allow_null=True)
    engine = serializers.SerializerMethodField()
    ignored_words = serializers.SerializerMethodField(help_text="Words of the prompt that the engine ignores.")
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

    @extend_schema_field(RetouchVersionSerializer(many=True))
    def get_versions(self, canvas: Canvas) -> Any:
        versions = canvas.versions.select_related("slot", "by").in_order()
        return RetouchVersionSerializer(versions, many=True, context=self.context).data


def describe_canvas(canvas: Canvas, request: HttpRequest | Request) -> dict[str, Any]:
    described: dict[str, Any] = CanvasSerializer(canvas, context={"request": request}).data
    return described


class NewCanvasSerializer(serializers.Serializer[Any]):
    """JSON with `image`, or multipart with `file`."""

    image = RowIdField(required=False)
    file = serializers.FileField(required=False)
    id = StringUUIDField(required=False, help_text="Idempotency of uploads: the same id is one canvas.")
    title = StringField(required=False, max_length=200, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("image" in attrs) == ("file" in attrs):
            raise serializers.ValidationError({"image": "Send an image's id or a file."})
        return attrs


class HeadSerializer(serializers.Serializer[Any]):
    version = StringUUIDField(allow_null=True)


class OutlineQuerySerializer(CropSerializer):
    version = serializers.UUIDField(required=False, allow_null=True, default=None)
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
        description="An image's current file, or an upload. 201 for a new canvas, 200 for an existing one.",
        request=NewCanvasSerializer,
        responses={200: CanvasSerializer, 201: CanvasSerializer, **errors(404)},
    )
    def post(self, request: Request) -> Response:
        data = validated(NewCanvasSerializer, request.data)
        if "file" in data:
            known = "id" in data and Canvas.objects.filter(pk=data["id"]).exists()
            canvas = open_upload(
                content=data["file"].read(),
                title=data["title"] or data["file"].name,
                by=curator(request),
                canvas_id=data.get("id"),
            )
        else:
            image = get_object_or_404(Image, pk=data["image"])
            known = Canvas.objects.of_image(image).exists()
            canvas = open_image(image=image, by=curator(request))
        return Response(describe_canvas(find_canvas(canvas.pk), request), status=200 if known else 201)


class CanvasView(RetouchView):
    @extend_schema(
        summary="An opened picture and the tree of its versions",
        description="With `If-None-Match` the response is 304 until something changes.",
        responses={200: CanvasSerializer, 304: None},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        return answer_unless_known(request, describe_canvas(find_canvas(pk), request))


class CanvasPictureView(RetouchView):
    @extend_schema(
        summary="The original picture of a canvas", responses=file_schema("image/jpeg", "image/png", "image/webp")
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        canvas = find_canvas(pk)
        return answer_file(read_file(canvas.file), f"image/{canvas.file.rpartition('.')[2]}")


class OutlineView(RetouchView):
    @extend_schema(
        summary="Line art of a part of a picture",
        description="Grey, of the crop's size: 255 is a line.",
        parameters=[OutlineQuerySerializer],
        responses=file_schema("image/png"),
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        given = {key: value for key, value in request.query_params.items() if value}
        data, canvas = validated(OutlineQuerySerializer, given), find_canvas(pk)
        crop = Crop(*(data[name] for name in ("x", "y", "width", "height"))).check(canvas.width, canvas.height)
        pixels = compose_or_opened(canvas, version_of(canvas, data["version"]))[crop.window]
        lines = outline(pixels.copy(), simplicity=data["simplicity"], method=LineMethod(data["method"]))
        return answer_file(encode_png(lines), "image/png")


class HeadView(RetouchView):
    @extend_schema(
        summary="Make a version the current one",
        description="Used for undo, redo and restore. Null is the original picture.",
        request=HeadSerializer,
        responses={200: CanvasSerializer, **errors(409)},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        data, canvas = validated(HeadSerializer, request.data), find_canvas(pk)
        make_current(canvas=canvas, version=version_of(canvas, data["version"]))
        return Response(describe_canvas(canvas, request))


class CompareView(RetouchView):
    @extend_schema(
        summary="Compare two versions",
        description="`original` (or nothing) is the original picture.",
        parameters=[OpenApiParameter("first", str), OpenApiParameter("second", str)],
        responses={200: DifferenceSerializer, **errors(409)},
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
