"""How large a request may be, and what becomes of a body that nobody read."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PROBLEM = '{{"code":"request_too_large","detail":"The request has more than {limit} bytes.","max_bytes":{limit}}}'
_PIECE = 65_536


def refuse_large_bodies(application: "WSGIApplication") -> "WSGIApplication":
    """Around Django: what announces more than REQUEST_MAX_BYTES is refused before a byte of its body is read.

    A body of no announced length is read as an empty one, by Django itself.
    """

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        limit = settings.REQUEST_MAX_BYTES
        if _announced(environ) <= limit:
            return application(environ, start_response)
        problem = _PROBLEM.format(limit=limit).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(problem)))]
        start_response("413 Content Too Large", [*headers, ("X-Content-Type-Options", "nosniff")])
        return [problem]

    return answer


class HearOut:
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


def _announced(environ: "WSGIEnvironment") -> int:
    """What is no number, Django takes for none as well."""
    length = environ.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdecimal() and len(length) < 20 else 0
