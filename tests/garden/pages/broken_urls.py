"""Pages that always fail."""

from django.contrib import admin
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("out of water")


def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("forged")


urlpatterns = [
    path("broken", broken),
    path("suspicious", suspicious),
    path("admin/", admin.site.urls),
    path("kiosk/", broken, name="kiosk"),
]
