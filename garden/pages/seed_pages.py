"""The addresses of the seeds' test pages lead to the pages that do that work here."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

SUCCESSORS = {
    "emotion/emotion.html": "try-emotion",
    "garden/garden.html": "try-garden",
    "emotion-garden/emotion-garden.html": "kiosk",
    "text2image.html": "curation:try-pictures",
    "pool/bulk/bulk.html": "curation:bulk",
    "pool/preview/preview.html": "curation:review",
    "viewer/viewer.html": "curation:viewer",
    "flower-viewer/flower-viewer-v2.html": "wall-setup",
}


def _lead_to(name: str) -> Callable[[HttpRequest], HttpResponse]:
    def lead(request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{reverse(name)}?{query}" if query else reverse(name))

    return lead


urlpatterns: list[URLPattern] = [path(page, _lead_to(name)) for page, name in SUCCESSORS.items()]
