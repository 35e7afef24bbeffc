"""What a site would write first: the database orders by chance, or by likes. Served by the same server."""

from typing import Any

from django.conf import settings
from django.db.models import F, FloatField, Sum
from django.db.models.functions import Cast
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.kiosks import KioskView
from garden.models import Image
from garden.storage.serving import PublicUrls
from garden.vocabulary import Orientation


class RandomPeer(KioskView):
    def post(self, request: Request) -> Response:
        return Response(_listed(request, Image.objects.order_by("?")))


class PopularPeer(KioskView):
    def post(self, request: Request) -> Response:
        rate = Cast(Sum("rates__liked") + 2, FloatField()) / Cast(Sum("rates__shown") + 10, FloatField())
        return Response(_listed(request, Image.objects.annotate(rate=rate).order_by(F("rate").desc(nulls_last=True))))


def _listed(request: Request, images: Any) -> dict[str, Any]:
    asked: Any = request.data
    emotion, limit, url_of = asked["emotion"], asked.get("limit", settings.GARDEN_MAX_IMAGES), PublicUrls(request)
    found = images.filter(state="serving", emotion=emotion)
    return {
        orientation.value: [
            {"url": url_of(key), "emotion": emotion, "key": key}
            for key in found.filter(orientation=orientation).values_list("key", flat=True)[:limit]
        ]
        for orientation in Orientation
    }


urlpatterns = [
    path("peer/random", RandomPeer.as_view()),
    path("peer/popular", PopularPeer.as_view()),
    path("", include("garden.urls")),
]
