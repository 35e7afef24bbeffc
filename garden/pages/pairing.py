"""Pairing a browser with a kiosk or a display: once, with its key; guessing is slow."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from garden.access.kiosk_keys import paired_key
from garden.access.throttling import count, network_of
from garden.models import Display, KioskKey
from garden.models.display import side_letter

ATTEMPTS = 10
WINDOW_SECONDS = 300

View = Callable[..., HttpResponse]


def for_paired_browsers(view: View) -> View:
    """As the routes behind the page: a browser paired with a kiosk, staff, or everybody where kiosks are open."""
    return _for(view, displays=False)


def for_paired_walls(view: View) -> View:
    """Browsers paired with a display as well."""
    return _for(view, displays=True)


def _for(view: View, *, displays: bool) -> View:
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.KIOSK_ACCESS == "keys" and not (_is_paired(request, displays) or request.user.is_staff):
            return lead_to_pairing(request)
        return view(request, *args, **kwargs)

    return checked


def _is_paired(request: HttpRequest, displays: bool) -> bool:
    key = paired_key(request)
    return key is not None and (displays or key.kiosk is not None)


def may_try(request: HttpRequest) -> bool:
    """Count this attempt of the address; False when there were too many lately."""
    return count(f"pairing-{network_of(request)}", WINDOW_SECONDS) <= ATTEMPTS


def lead_to_pairing(request: HttpRequest) -> HttpResponse:
    """Pair this browser first, then come back to the page that was asked."""
    return redirect(f"{reverse('kiosk-pair')}?{urlencode({'next': request.get_full_path()})}")


def page_after(request: HttpRequest, key: KioskKey) -> str:
    """Where a paired browser goes: back to where it came from if that is a path of ours, else to its own page."""
    path = request.GET.get("next", "")
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else own_page(key)


def own_page(key: KioskKey) -> str:
    if isinstance(key.device, Display):
        return reverse("wall", args=[key.device.zone.name, key.device.number, side_letter(key.device.orientation)])
    return reverse("kiosk")
