"""Limits of a request: size and character set; and draining of a body that was not read."""

import codecs
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.http import parse_header_parameters

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CHARSETS = {"utf-8", "ascii", "iso8859-1"}
_ODD_CHARSET = '{"code":"unsupported_charset","detail":"Send UTF-8."}'
_TOO_LARGE = '{{"code":"request_too_large","detail":"The request has more than {limit} bytes.","max_bytes":{limit}}}'
_PIECE = 65_536


def limit_requests(application: "WSGIApplication") -> "WSGIApplication":
    """Around Django: what announces more than REQUEST_MAX_BYTES, or a character set that is none of ours, is refused
    before a byte of its body is read. A body of no announced length is read as an empty one, by Django itself.

    Not among Django's middleware, before which Django decodes with any codec of Python's, even `zlib`.
    """

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        limit = settings.REQUEST_MAX_BYTES
        if _announced_bytes(environ) > limit:
            return _refuse(start_response, "413 Content Too Large", _TOO_LARGE.format(limit=limit))
        if _has_odd_charset(environ.get("CONTENT_TYPE", "")):
            return _refuse(start_response, "415 Unsupported Media Type", _ODD_CHARSET)
        return application(environ, start_response)

    return answer


class DrainBodyMiddleware:
    """Behind a proxy: what is left of a refused request's body is read and dropped before it is answered.

    A server that answers early closes the connection, which a proxy that is still sending takes for a broken one: it
    would say 502 instead of what was refused. Only where bodies come from a proxy that has them whole: anybody else
    could send a byte a second.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        with suppress(UnreadablePostError):
            while request.read(_PIECE):
                pass
        return response


def _refuse(start_response: "StartResponse", status: str, problem: str) -> Iterable[bytes]:
    body = problem.encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response(status, [*headers, ("X-Content-Type-Options", "nosniff")])
    return [body]


def _announced_bytes(environ: "WSGIEnvironment") -> int:
    """What is no number, Django takes for none as well."""
    length = environ.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdecimal() and len(length) < 20 else 0


def _has_odd_charset(content_type: str) -> bool:
    """Whether the charset is one of Python's codecs and not one of ours. Django ignores unknown ones."""
    try:
        charset = parse_header_parameters(content_type)[1].get("charset", "")
        return bool(charset) and codecs.lookup(charset).name not in CHARSETS
    except (LookupError, ValueError):
        return False
