"""Pairing a browser with a kiosk: once, with the kiosk's key; guessing is slow."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from rest_framework.throttling import BaseThrottle

from garden.api.authentication import SESSION_KEY, kiosk_of_key, paired_kiosk
from garden.models import Kiosk

ATTEMPTS = 10
WINDOW_SECONDS = 300
PAIRED_FOR_SECONDS = 365 * 24 * 3600

View = Callable[..., HttpResponse]


def for_paired_browsers(view: View) -> View:
    """As the routes behind the page: a paired browser, staff, or everybody where kiosks are open."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.KIOSK_ACCESS == "keys" and not (paired_kiosk(request) or request.user.is_staff):
            return lead_to_pairing(request)
        return view(request, *args, **kwargs)

    return checked


def pair_browser(request: HttpRequest, key: str) -> Kiosk | None:
    """Remember in the session whose key it is; None if it is nobody's."""
    kiosk = kiosk_of_key(key)
    if kiosk is None:
        return None
    request.session.cycle_key()
    request.session[SESSION_KEY] = kiosk.pk
    request.session.set_expiry(PAIRED_FOR_SECONDS)
    return kiosk


def may_try(request: HttpRequest) -> bool:
    """Count this attempt of the address; False when there were too many lately."""
    counter = f"pairing-{BaseThrottle().get_ident(request)}"  # type: ignore[arg-type]  # It reads META alone.
    cache.add(counter, 0, WINDOW_SECONDS)
    try:
        return cache.incr(counter) <= ATTEMPTS
    except ValueError:  # It expired between the two lines: a new window begins.
        return True


def lead_to_pairing(request: HttpRequest) -> HttpResponse:
    """Pair this browser first, then come back to the page that was asked."""
    return redirect(f"{reverse('kiosk-pair')}?{urlencode({'next': request.get_full_path()})}")


def page_after(request: HttpRequest) -> str:
    """Where a paired browser goes: back to where it came from if that is a path of ours, else to the kiosk."""
    path = request.GET.get("next", "")
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else reverse("kiosk")
