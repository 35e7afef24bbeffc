"""Headers of every response, unless its view sets other values."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

NOTHING_ALLOWED = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)


class SecurityHeaders:
    """Outside everything else, so that files, refusals and error pages carry them as well."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self._get_response(request)
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("Permissions-Policy", NOTHING_ALLOWED)
        # Kiosks of other sites show our pictures in their pages; nothing else is embedded anywhere.
        is_picture = answer.headers.get("Content-Type", "").startswith("image/")
        answer.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if is_picture else "same-origin")
        return answer
