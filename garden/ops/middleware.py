"""Middleware of operators: one log line, one id and one metric a request; the pages of probes and Prometheus."""

import hmac
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.log import log_response
from prometheus_client import CONTENT_TYPE_LATEST

from garden.ops.health import reasons_not_ready
from garden.ops.metrics import REQUEST_SECONDS, write_metrics

HEADER = "X-Request-ID"
NO_ROUTE = "none"
"""Of addresses that do not exist, and of static files."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
logger = structlog.stdlib.get_logger("garden.requests")
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestLog:
    """The outermost middleware, so that its time is what the client waited for.

    django-structlog's own would log paths and addresses, and read responses that are streamed from files.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        received = request.headers.get(HEADER, "")
        request_id = received if _REQUEST_ID.fullmatch(received) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self._get_response(request)
        response.headers[HEADER] = request_id
        _report(request, response.status_code, time.perf_counter() - started)
        structlog.contextvars.clear_contextvars()
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """From here on every line has the route: the pattern, never the values in its place."""
        structlog.contextvars.bind_contextvars(route=_route_of(request))


class OperatorPages:
    """The pages of PAGES, before hosts are checked and http:// is redirected to https://: probes know neither."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        page = PAGES.get(request.path_info)
        if page is None or request.method not in ("GET", "HEAD"):
            return self._get_response(request)
        try:
            response = page(request)
        except Http404:
            return self._get_response(request)  # The site's own 404 page.
        response.headers["Cache-Control"] = "no-store"
        return response


def live(request: HttpRequest) -> HttpResponse:
    """This process takes requests. No other service is checked: a restart would repair none of them."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """A 503 is a normal response of this page: Django would log each as an error."""
    reasons = reasons_not_ready()
    response = JsonResponse({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)
    if reasons:
        log_response("Not ready: %s", ", ".join(reasons), response=response, request=request, level="debug")
    return response


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format. Raises Http404 without access."""
    if not _has_token(request):
        raise Http404
    return HttpResponse(write_metrics(), content_type=CONTENT_TYPE_LATEST)


PAGES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": live,
    "/healthz/live": live,
    "/healthz/ready": ready,
    "/metrics": metrics,
}


def _report(request: HttpRequest, status: int, seconds: float) -> None:
    route = _route_of(request)
    method = request.method if request.method in _METHODS else "other"
    REQUEST_SECONDS.labels(route, method, status).observe(seconds)
    log = logger.debug if route == NO_ROUTE and status < 400 else logger.info
    log("request", route=route, method=method, status=status, milliseconds=round(1000 * seconds, 1))


def _route_of(request: HttpRequest) -> str:
    found = request.resolver_match
    return NO_ROUTE if found is None else found.route or "/"


def _has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if not settings.METRICS_TOKEN or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
