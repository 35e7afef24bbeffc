"""What is told of every request: an id that follows it everywhere, one line, one measure."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponseBase

from garden.seeing.measures import REQUEST_SECONDS

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
NOWHERE = "none"
"""The route of what led nowhere, and of static files."""
logger = structlog.stdlib.get_logger("garden.requests")


class RequestLog:
    """The outermost middleware: what it measures is what the client waited for in here.

    django-structlog's own would log paths and addresses, and take whole files apart that are sent as they are.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        request_id = _id_of(request)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self._get_response(request)
        response.headers[HEADER] = request_id
        _tell(request, response.status_code, time.perf_counter() - started)
        structlog.contextvars.clear_contextvars()
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """From here on every line names the route: the pattern, never what stands in its place."""
        structlog.contextvars.bind_contextvars(route=_route_of(request))


def _tell(request: HttpRequest, status: int, seconds: float) -> None:
    route = _route_of(request)
    method = request.method if request.method in _METHODS else "other"
    REQUEST_SECONDS.labels(route, method, status).observe(seconds)
    say = logger.debug if route == NOWHERE and status < 400 else logger.info
    say("request", route=route, method=method, status=status, milliseconds=round(1000 * seconds, 1))


def _id_of(request: HttpRequest) -> str:
    """The proxy's or the caller's, where it looks like one; else ours."""
    given = request.headers.get(HEADER, "")
    return given if _GIVEN.fullmatch(given) else uuid.uuid4().hex


def _route_of(request: HttpRequest) -> str:
    found = request.resolver_match
    return NOWHERE if found is None else found.route or "/"
