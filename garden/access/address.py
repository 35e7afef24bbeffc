"""Where a request comes from, as far as it can be known behind the site's own proxies."""

from django.http import HttpRequest
from rest_framework.throttling import BaseThrottle

UNKNOWN = "0.0.0.0"  # noqa: S104  # A word, not an address to listen on.


def address_of(request: HttpRequest) -> str:
    """NUM_PROXIES addresses from the end of X-Forwarded-For; without proxies the header is not believed."""
    return str(BaseThrottle().get_ident(request) or UNKNOWN)[:64]  # type: ignore[arg-type]  # It reads META alone.
