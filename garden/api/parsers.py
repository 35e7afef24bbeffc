"""Request bodies as the seed's clients send them: with any Content-Type, or none."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, DataAndFiles, JSONParser

from garden.emotion.photo import PhotoTooLargeError

TEXT_MOST_BYTES = 10_000


class AnyTypeJSONParser(JSONParser):
    """JSON, whatever the Content-Type says."""

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("JSON parse error - nested too deeply") from None


class AnyTypeTextParser(BaseParser):
    """The body itself is the text, whatever the Content-Type says."""

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


def refuse_too_many_bytes(size: int) -> None:
    if size > settings.PHOTO_MAX_BYTES:
        raise PhotoTooLargeError(
            f"The photo has more than {settings.PHOTO_MAX_BYTES} bytes.", max_bytes=settings.PHOTO_MAX_BYTES
        )
