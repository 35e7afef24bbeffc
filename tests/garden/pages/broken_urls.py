"""Pages that always fail."""

from django.contrib import admin
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path

from garden.errors import DatabaseUnavailableError


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("out of water")


def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("forged")


def unavailable(request: HttpRequest) -> HttpResponse:
    raise DatabaseUnavailableError("nobody answers")


handler400 = "garden.pages.errors.answer_bad_request"
handler500 = "garden.pages.errors.answer_failure"
urlpatterns = [
    path("broken", broken),
    path("unavailable", unavailable),
    path("suspicious", suspicious),
    path("admin/", admin.site.urls),
    path("kiosk/", broken, name="kiosk"),
]
