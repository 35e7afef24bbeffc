"""The view of the OpenAPI document."""

import threading

from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api import schema  # noqa: F401  # Describes the ways a kiosk says who it is.

_one_at_a_time = threading.Lock()


class DocumentView(SpectacularAPIView):
    """drf-spectacular loads its extensions at first use and is not made for two first users at once."""

    def _get_schema_response(self, request: Request) -> Response:
        with _one_at_a_time:
            answer: Response = super()._get_schema_response(request)  # type: ignore[no-untyped-call]
            return answer
