"""The review page's neighbours in the same server: a page by LIMIT and OFFSET, and pictures that share files."""

import zlib

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import include, path, re_path

from benchmarks.review_rows import FILES
from garden.models import Image

FIELDS = ("id", "key", "emotion", "favorite", "orientation", "verdict", "width", "height", "prompt")


def offset_page(request: HttpRequest) -> JsonResponse:
    """What a site would write first: Django's own paginator, which counts, and skips by OFFSET."""
    pages = Paginator(Image.objects.pool().order_by("-id").values(*FIELDS), 60)
    page = pages.get_page(request.GET.get("page"))
    return JsonResponse({"images": list(page), "pages": pages.num_pages})


def scanned_page(request: HttpRequest) -> JsonResponse:
    """A search without an index: parts of the prompt or of the key."""
    text = request.GET["q"]
    found = Image.objects.pool().filter(Q(prompt__icontains=text) | Q(key__icontains=text))
    return JsonResponse({"images": list(found.order_by("-id").values(*FIELDS)[:60])})


def shared_picture(request: HttpRequest, key: str) -> HttpResponseBase:
    number = zlib.crc32(key.encode()) % FILES
    response = FileResponse((settings.MEDIA_ROOT / "shared" / f"{number}.jpeg").open("rb"))
    response["Cache-Control"] = "max-age=3600"
    return response


urlpatterns = [
    path("peer/offset", offset_page),
    path("peer/search", scanned_page),
    re_path(r"^media/(?P<key>.+)$", shared_picture),
    path("", include("garden.urls")),
]
