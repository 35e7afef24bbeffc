"""Where a phone finds a souvenir: never an address that only this machine understands."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from garden.models import SouvenirLink


def souvenir_address(base: HttpRequest | str, link: SouvenirLink) -> str:
    """The absolute address of a link, or nothing where no phone could follow it.

    `base` is PUBLIC_URL or, where that is empty, the request that asks.
    """
    return public_address(base, reverse("souvenir-link", args=[link.code]))


def public_address(base: HttpRequest | str, path: str) -> str:
    """The path under the site's own name; empty when that name means something else on a phone."""
    root = settings.PUBLIC_URL or (base if isinstance(base, str) else base.build_absolute_uri("/").rstrip("/"))
    return "" if is_only_here(root) else f"{root}{path}"


def is_only_here(root: str) -> bool:
    """Whether an address leads every machine to itself: `localhost`, `127.0.0.1`, `[::1]`, or nowhere at all."""
    host = urlsplit(root).hostname or ""
    if not host or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
