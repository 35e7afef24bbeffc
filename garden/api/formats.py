"""Formats of bodies: requests as the seed's clients send them, with any Content-Type or none; answers as JSON."""

from collections.abc import Iterable, Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from rest_framework.exceptions import NotAcceptable, ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser, DataAndFiles, JSONParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from garden.faces.photo import PhotoTooLargeError

TEXT_MOST_BYTES = 10_000


class AnyTypeJSONParser(JSONParser):
    """JSON with any Content-Type."""

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("JSON parse error - nested too deeply") from None


class AnyTypeTextParser(BaseParser):
    """The body itself is the text, with any Content-Type."""

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            return stream.read(TEXT_MOST_BYTES).decode()
        except UnicodeDecodeError:
            raise ParseError("The body must be text in UTF-8.") from None


class PhotoParser(BaseParser):
    """The body itself is the photo; it becomes the file `image`, as in a multipart request.

    At most the limit and one byte are read.
    """

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> "DataAndFiles[Any, Any]":
        data: bytes = stream.read(settings.PHOTO_MAX_BYTES + 1)
        refuse_too_many_bytes(len(data))
        return DataAndFiles(QueryDict(), MultiValueDict({"image": [ContentFile(data)]}))


class MemoryOnlyUploadHandler(MemoryFileUploadHandler):
    """For multipart uploads: Django's own handler spools large files to a temporary file; this one refuses them."""

    received = 0

    def handle_raw_input(self, input_data: IO[bytes], META: Any, content_length: int, *args: Any) -> None:
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        refuse_too_many_bytes(self.received)
        return super().receive_data_chunk(raw_data, start)


class FastJSONRenderer(JSONRenderer):
    """DRF's JSON, encoded by orjson: a garden of thousands of images takes half a millisecond, not ten.

    orjson refuses integers of more than 64 bits and halves of surrogate pairs, which an error may repeat from its
    request: those answers are encoded by the standard library, as ASCII.
    """

    ensure_ascii = True

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        if data is None:
            return b""
        try:
            return orjson.dumps(data, default=self.encoder_class().default, option=orjson.OPT_NON_STR_KEYS)
        except orjson.JSONEncodeError:
            return super().render(data, accepted_media_type, renderer_context)


class LenientNegotiation(DefaultContentNegotiation):
    """An Accept that no renderer serves is disregarded (RFC 9110, 12.5.1), not answered 406.

    Several routes answer with text or a picture, which they make themselves; their errors are JSON.
    """

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        try:
            chosen: tuple[BaseRenderer, str] = super().select_renderer(request, renderers, format_suffix)
        except NotAcceptable:
            first = next(iter(renderers))
            chosen = first, str(first.media_type)
        return chosen


def refuse_too_many_bytes(size: int) -> None:
    if size > settings.PHOTO_MAX_BYTES:
        raise PhotoTooLargeError(
            f"The photo has more than {settings.PHOTO_MAX_BYTES} bytes.", max_bytes=settings.PHOTO_MAX_BYTES
        )
