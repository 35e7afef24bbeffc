"""Opening pictures, going back and forth between their versions, comparing them."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from curation.api.retouch.describing import describe_canvas, picture_url
from curation.api.retouch.finding import RetouchView, answer_file, content_of, file_schema, find_canvas, version_of
from curation.api.retouch.serializers import (
    AskedOutlineSerializer,
    CanvasSerializer,
    DifferenceSerializer,
    HeadSerializer,
    NewCanvasSerializer,
)
from garden.api.curators import curator
from garden.api.etag import answer_unless_known
from garden.api.serializers import ErrorSerializer
from garden.models import Image
from generation.models import Canvas
from generation.retouch.pixels import encode_png, outline
from generation.retouch.settings import Crop, LineMethod
from generation.retouch.versions import compare, compose_or_opened, make_current, open_image, open_upload, read_file

PICTURES = ("image/jpeg", "image/png", "image/webp")


class CanvasesView(RetouchView):
    @extend_schema(
        summary="Open a picture to retouch it",
        description="An image's present file, or an upload. 201 when it is new, 200 when it was open already.",
        request=NewCanvasSerializer,
        responses={200: CanvasSerializer, 201: CanvasSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        given = NewCanvasSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        if "file" in asked:
            known = Canvas.objects.filter(pk=asked.get("id")).exists()
            title = asked["title"] or asked["file"].name
            canvas = open_upload(
                content=content_of(asked["file"], "file") or b"",
                title=title,
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
        responses={200: CanvasSerializer, 304: None, 404: ErrorSerializer},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        return answer_unless_known(request, describe_canvas(find_canvas(pk), request))


class CanvasPictureView(RetouchView):
    @extend_schema(summary="The picture as it was opened", responses=file_schema(*PICTURES))
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        canvas = find_canvas(pk)
        return answer_file(request, read_file(canvas.file), f"image/{canvas.file.rpartition('.')[2]}")


class OutlineView(RetouchView):
    @extend_schema(
        summary="Line art of a part of a picture",
        description="Grey, of the crop's size: 255 is a line.",
        parameters=[AskedOutlineSerializer],
        responses={**file_schema("image/png"), 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        given = AskedOutlineSerializer(data={key: value for key, value in request.query_params.items() if value})
        given.is_valid(raise_exception=True)
        asked, canvas = given.validated_data, find_canvas(pk)
        crop = Crop(*(asked[name] for name in ("x", "y", "width", "height"))).check(canvas.width, canvas.height)
        pixels = compose_or_opened(canvas, version_of(canvas, asked["version"]))[crop.window]
        lines = outline(pixels.copy(), simplicity=asked["simplicity"], method=LineMethod(asked["method"]))
        return answer_file(request, encode_png(lines), "image/png")


class HeadView(RetouchView):
    @extend_schema(
        summary="Make a version the current one",
        description="Undo, redo and restore are this. Null is the picture as it was opened.",
        request=HeadSerializer,
        responses={200: CanvasSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        asked = HeadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        canvas = find_canvas(pk)
        make_current(canvas=canvas, version=version_of(canvas, asked.validated_data["version"]))
        return Response(describe_canvas(canvas, request))


class CompareView(RetouchView):
    @extend_schema(
        summary="What differs between two versions",
        description="`original` (or nothing) is the picture as it was opened.",
        parameters=[OpenApiParameter("first", str), OpenApiParameter("second", str)],
        responses={200: DifferenceSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        canvas = find_canvas(pk)
        first, second = (version_of(canvas, request.query_params.get(name)) for name in ("first", "second"))
        found = compare(canvas, first, second)
        return Response(
            {
                "first": first and str(first.pk),
                "second": second and str(second.pk),
                "first_picture": picture_url(canvas, first, request),
                "second_picture": picture_url(canvas, second, request),
                "box": found.box and found.box.as_json(),
                "changed": found.changed,
                "largest": found.largest,
                "mean": found.mean,
                "settings": found.settings,
            }
        )
