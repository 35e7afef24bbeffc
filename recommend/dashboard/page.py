"""The dashboard as a page of the admin site."""

from typing import Any

from django.http import HttpRequest

from garden.storage.urls import PublicUrls
from recommend.dashboard.figures import SPANS, gather

DEFAULT_SPAN = 30


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What the template shows; a span that is none of SPANS is the default one."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isdigit() and int(asked) in SPANS else DEFAULT_SPAN
    dashboard, url_of = gather(days), PublicUrls(request)
    return {
        "dashboard": dashboard,
        "spans": SPANS,
        "charts": [chart.as_json() for chart in dashboard.charts],
        "lists": [
            {"ranked": ranked, "pictures": [(picture, url_of(picture.image.key)) for picture in pictures]}
            for ranked, pictures in (("most", dashboard.most), ("least", dashboard.least))
        ],
    }
