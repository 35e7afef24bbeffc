"""What is answered where nothing else could be: a page that comes back by itself, or JSON for programs."""

import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.defaults import server_error

from garden.databases import is_away
from garden.errors import DatabaseUnavailableError, GardenError, UnavailableError


def answer_failure(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`, whichever view or middleware failed. A dependency that is away is a 503."""
    error = _unavailable(sys.exc_info()[1])
    if error is None:
        return server_error(request)
    response = _page(request) if _wants_page(request) else _problem(error)
    response["Retry-After"] = str(error.retry_after)
    response["Cache-Control"] = "no-store"
    return response


def _unavailable(error: BaseException | None) -> UnavailableError | None:
    if is_away(error):
        return DatabaseUnavailableError("The database cannot answer now. Ask again in a moment.")
    return error if isinstance(error, UnavailableError) else None


def _wants_page(request: HttpRequest) -> bool:
    return "text/html" in request.headers.get("Accept", "")


def _page(request: HttpRequest) -> HttpResponse:
    return render(request, "503.html", status=503)


def _problem(error: GardenError) -> HttpResponse:
    return JsonResponse({"code": error.code, "detail": error.detail}, status=error.status)
