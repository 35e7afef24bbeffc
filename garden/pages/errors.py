"""Answers where no view could answer: a page for people, JSON `{"code", "detail"}` for programs."""

import sys
from collections.abc import Callable
from functools import cache, partial

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, get_resolver
from django.views import defaults
from rest_framework.views import APIView

from garden.api.errors import is_away
from garden.errors import DatabaseUnavailableError, UnavailableError


def answer_failure(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`, whichever view or middleware failed. A dependency that is away is a 503."""
    error = _unavailable(sys.exc_info()[1])
    if error is None:
        if prefers_json(request):
            return _problem(500, "server_error", "The server failed; the error was logged.")
        return defaults.server_error(request)
    wants_page = "text/html" in request.headers.get("Accept", "") and not prefers_json(request)
    response = (
        render(request, "503.html", status=503) if wants_page else _problem(error.status, error.code, error.detail)
    )
    response["Retry-After"] = str(error.retry_after)
    response["Cache-Control"] = "no-store"
    return response


def _answer(
    page: Callable[..., HttpResponse], status: int, code: str, detail: str, request: HttpRequest, exception: Exception
) -> HttpResponse:
    return _problem(status, code, detail) if prefers_json(request) else page(request, exception)


answer_bad_request = partial(_answer, defaults.bad_request, 400, "refused", "The request is malformed or too large.")
answer_forbidden = partial(_answer, defaults.permission_denied, 403, "permission_denied", "You may not do this.")
answer_not_found = partial(_answer, defaults.page_not_found, 404, "not_found", "Page not found.")


def prefers_json(request: HttpRequest) -> bool:
    """Whether the path is of the API alone, or `Accept` names JSON before HTML."""
    if request.path_info.lstrip("/").partition("/")[0] in _api_folders():
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


@cache
def _api_folders() -> frozenset[str]:
    """First parts of paths below which there is no page: `jobs`, `curation`, …"""
    of_api: set[str] = set()
    of_pages: set[str] = set()
    for pattern, is_api in _routes(get_resolver("garden.urls").url_patterns):
        (of_api if is_api else of_pages).add(pattern.lstrip("^").partition("/")[0])
    return frozenset(of_api - of_pages)


def _routes(patterns: list[URLPattern | URLResolver], before: str = "") -> list[tuple[str, bool]]:
    found = []
    for each in patterns:
        path = f"{before}{each.pattern}"
        if isinstance(each, URLResolver):
            found += _routes(each.url_patterns, path)
        else:
            found.append((path, issubclass(getattr(each.callback, "view_class", object), APIView)))
    return found


def _unavailable(error: BaseException | None) -> UnavailableError | None:
    if is_away(error):
        return DatabaseUnavailableError("The database is unavailable. Try again in a moment.")
    return error if isinstance(error, UnavailableError) else None


def _problem(status: int, code: str, detail: str) -> HttpResponse:
    return JsonResponse({"code": code, "detail": detail}, status=status)
