"""Rate limits: counts that all processes share, and the address or key that requests are counted by."""

import time
from contextlib import suppress
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from rest_framework.throttling import BaseThrottle

UNKNOWN = "0.0.0.0"  # noqa: S104  # A word, not an address to listen on.


def count(name: str, seconds: float) -> int:
    """Count `name` once, exactly, over all processes; the first of a window of `seconds` (at least 1) begins it."""
    key = _key(name)
    with suppress(ValueError):  # The window has ended, or none has begun.
        return cache.incr(key)
    if cache.add(key, 1, seconds):
        cache.set(f"{key}:end", time.time() + seconds, seconds)
        return 1
    with suppress(ValueError):  # Another process began the window; the cache may have become unavailable since.
        return cache.incr(key)
    return 1


def seconds_left(name: str) -> float:
    """Seconds until the window of `name` ends; 0 without one."""
    return max(0.0, float(cache.get(f"{_key(name)}:end", 0)) - time.time())


def clear_count(name: str) -> int:
    """Forget `name`; returns its count."""
    key = _key(name)
    counted = int(cache.get(key, 0))
    cache.delete(key)
    cache.delete(f"{key}:end")
    return counted


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


def _key(name: str) -> str:
    """Names hold addresses of people: they are stored nowhere in plain text."""
    return f"count:{salted_hmac('garden.access.throttling', name).hexdigest()}"
