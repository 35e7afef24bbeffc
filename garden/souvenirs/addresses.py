"""Where a phone finds a souvenir: never an address that only this machine understands."""

import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import validate_host
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


def network_url(host: str, port: int) -> str:
    """The URL at which phones in the same network reach a server that listens on `host`.

    Empty where only this machine reaches it, and where ALLOWED_HOSTS would refuse the request.
    """
    address = _own_address() if host in ("0.0.0.0", "::") else host  # noqa: S104  # Compared, not listened on.
    name = f"[{address}]" if ":" in address else address
    url = f"http://{name}:{port}"
    return "" if is_only_here(url) or not validate_host(name, settings.ALLOWED_HOSTS) else url


def _own_address() -> str:
    """This machine's address in its network; aiming a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # An address for documentation: nobody has it.
        except OSError:
            return ""
        address: str = probe.getsockname()[0]
    return "" if ip_address(address).is_loopback else address
