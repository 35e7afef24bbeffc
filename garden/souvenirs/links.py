"""Short random links to pictures: made, found again, swept; their addresses and QR codes."""

import secrets
import socket
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.http.request import validate_host
from django.urls import reverse
from django.utils import timezone

from garden.models import Image, SouvenirLink
from garden.models.image import CODE_LENGTH


def qr_of(address: str) -> str:
    """The address as an SVG element; dark on its own light ground, so that every phone reads it."""
    drawing: str = segno.make(address, error="m").svg_inline(
        border=3, dark="#0e1210", light="#f7f4ee", omitsize=True, lineclass=None, svgclass="qr"
    )
    return drawing


def qr_file_of(address: str) -> str:
    """The same as a file of its own."""
    return qr_of(address).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def souvenir_address(base: HttpRequest | str, link: SouvenirLink) -> str:
    """The absolute address of a link, or nothing where no phone could follow it.

    `base` is PUBLIC_URL or, where that is empty, the host of the request.
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
            probe.connect(("192.0.2.1", 9))  # Reserved for documentation (RFC 5737).
        except OSError:
            return ""
        address: str = probe.getsockname()[0]
    return "" if ip_address(address).is_loopback else address


ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's 32: five bits a letter, 60 a code, and none that is read as another."""
_MISREAD = str.maketrans("oil", "011")
REMEMBERED = timedelta(days=30)
"""How long an expired link still answers 410; after that it is unknown."""


def link_for(image: Image) -> SouvenirLink:
    """The picture's link that lives longest, while half of its life is left; else a new one."""
    return _lasting(image) or _make_once(image)


def find_link(code: str) -> SouvenirLink | None:
    """The link of a code, also of one that was typed by hand: case and look-alike letters do not matter."""
    return SouvenirLink.objects.filter(code=code.lower().translate(_MISREAD)).select_related("image").first()


def _lasting(image: Image) -> SouvenirLink | None:
    enough = timezone.now() + _life() / 2
    return SouvenirLink.objects.filter(image=image, expires_at__gte=enough).order_by("-expires_at", "id").first()


@transaction.atomic
def _make_once(image: Image) -> SouvenirLink:
    """Two kiosks at once: the second waits for the first one's and takes it."""
    Image.objects.select_for_update().get(pk=image.pk)
    return _lasting(image) or SouvenirLink.objects.create(
        image=image,
        code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        expires_at=timezone.now() + _life(),
    )


def _life() -> timedelta:
    return timedelta(days=settings.SOUVENIR_DAYS)
