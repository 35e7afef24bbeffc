"""Where a request comes from, as far as it can be known behind the site's own proxies."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.http import HttpRequest
from rest_framework.throttling import BaseThrottle

UNKNOWN = "0.0.0.0"  # noqa: S104  # A word, not an address to listen on.


def address_of(request: HttpRequest) -> str:
    """NUM_PROXIES addresses from the end of X-Forwarded-For; without proxies the header is not believed."""
    return str(BaseThrottle().get_ident(request) or UNKNOWN)[:64]  # type: ignore[arg-type]  # It reads META alone.


def network_of(request: HttpRequest) -> str:
    """The address that attempts are counted by; of an IPv6 address its /64, which one customer has whole (RFC 6177)."""
    text = address_of(request)
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if not isinstance(address, IPv6Address):
        return text
    mapped = address.ipv4_mapped
    return str(mapped or IPv6Network((address, 64), strict=False).network_address)
