"""Answers where no view could answer: a page for browsers, JSON `{"code", "detail"}` for programs."""

import sys
from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views import defaults

from garden.api.errors import is_away
from garden.errors import DatabaseUnavailableError, UnavailableError


def answer_failure(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`, whichever view or middleware failed. A dependency that is away is a 503."""
    error = _unavailable(sys.exc_info()[1])
    if error is None:
        if wants_page(request):
            return defaults.server_error(request)
        return _problem(500, "server_error", "The server failed; the error was logged.")
    response = (
        render(request, "503.html", status=503) if wants_page(request) else _problem(503, error.code, error.detail)
    )
    response["Retry-After"] = str(error.retry_after)
    response["Cache-Control"] = "no-store"
    return response


def _answer(
    page: Callable[..., HttpResponse], status: int, code: str, detail: str, request: HttpRequest, exception: Exception
) -> HttpResponse:
    return page(request, exception) if wants_page(request) else _problem(status, code, detail)


answer_bad_request = partial(_answer, defaults.bad_request, 400, "refused", "The request is malformed or too large.")
answer_forbidden = partial(_answer, defaults.permission_denied, 403, "permission_denied", "You may not do this.")
answer_not_found = partial(_answer, defaults.page_not_found, 404, "not_found", "Page not found.")


def wants_page(request: HttpRequest) -> bool:
    """Whether `Accept` names HTML, as of every browser that goes to an address, and does not prefer JSON."""
    is_preferred = request.get_preferred_type(["text/html", "application/json"]) == "text/html"
    return is_preferred and "text/html" in request.headers.get("Accept", "")


def _unavailable(error: BaseException | None) -> UnavailableError | None:
    if is_away(error):
        return DatabaseUnavailableError("The database is unavailable. Try again in a moment.")
    return error if isinstance(error, UnavailableError) else None


def _problem(status: int, code: str, detail: str) -> HttpResponse:
    return JsonResponse({"code": code, "detail": detail}, status=status)
