"""What a request names, as rows; and pictures as answers."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from rest_framework.parsers import MultiPartParser

from garden.api.curators import CuratorView
from garden.api.formats import AnyTypeJSONParser
from garden.api.serializers import ErrorSerializer
from generation.models import Canvas, Version
from generation.retouch.pixels import MOST_BYTES
from generation.retouch.settings import BadLayerError

FOREVER = 31_536_000


class RetouchView(CuratorView):
    permission = "generation.view_version"
    change_permission = "generation.retouch"
    parser_classes = [MultiPartParser, AnyTypeJSONParser]


def find_canvas(pk: uuid.UUID) -> Canvas:
    return get_object_or_404(Canvas.objects.select_related("image", "image__slot"), pk=pk)


def find_version(pk: uuid.UUID) -> Version:
    return get_object_or_404(Version.objects.select_related("canvas", "canvas__image", "slot", "by", "image"), pk=pk)


def version_of(canvas: Canvas, named: uuid.UUID | str | None) -> Version | None:
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


def answer_file(request: HttpRequest, content: bytes, media_type: str, *, forever: bool = True) -> HttpResponse:
    """Bytes that never change under their address, for this curator's browser alone."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Cache-Control"] = f"private, max-age={FOREVER}, immutable" if forever else "private, no-cache"
    answer["Content-Length"] = str(len(content))
    return answer


def file_schema(*types: str) -> dict[Any, Any]:
    """For the document: a picture of one of these types, or the word that its file is missing."""
    return {**{(200, media_type): bytes for media_type in types}, 409: ErrorSerializer}
