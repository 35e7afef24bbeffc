"""Pictures inside texts: data URLs, bounded before they are decoded."""

import base64
import binascii
import io
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.parsers import BaseParser

from garden.api.formats import AnyTypeJSONParser
from garden.errors import RefusedError
from generation.retouch.settings import BadLayerError

LARGEST = 16_000_000
"""Letters of one picture: 12 million bytes of JPEG, PNG or WebP."""


class TooLongError(RefusedError):
    """More letters than a picture may have."""

    code = "request_too_large"
    status = 413


class DataUrlParser(BaseParser):
    """The body itself is the data URL, whatever the Content-Type says."""

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return _read(stream, LARGEST).decode(errors="replace").strip().strip('"')


class PicturesInJSONParser(BaseParser):
    """JSON with pictures in it: larger than other JSON may be, and no larger than any request."""

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = io.BytesIO(_read(stream, settings.REQUEST_MAX_BYTES))
        return AnyTypeJSONParser().parse(body, media_type, parser_context)


def _read(stream: IO[Any], most: int) -> bytes:
    """At most the limit and one byte are read."""
    body: bytes = stream.read(most + 1)
    if len(body) > most:
        raise TooLongError(f"The request has more than {most} bytes.", max_bytes=most)
    return body


def picture_in(text: Any, field: str) -> bytes:
    """The file inside `data:image/…;base64,…`, or inside base64 alone. Raises BadLayerError naming the field."""
    if not text or not isinstance(text, str):  # An empty body is read as an empty form.
        raise BadLayerError(f"{field} is missing.", field=field)
    head, comma, data = text.partition(",")
    if comma and not (head.startswith("data:image/") and head.endswith(";base64")):
        raise BadLayerError(f"{field} must be a data URL of a picture in base64.", field=field)
    try:
        return base64.b64decode(data if comma else head, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadLayerError(f"{field} is no valid base64.", field=field) from error


def as_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
