"""A page that always fails."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("out of water")


urlpatterns = [path("broken", broken)]
