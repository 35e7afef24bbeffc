"""The pages of visitors' screens: the kiosk and its pairing."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from csp.decorators import csp_update
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import PrefixNode, static
from django.urls import get_script_prefix, reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from garden.access.kiosk_keys import pair_browser, paired_key, paired_kiosk
from garden.access.throttling import count, network_of
from garden.faces.selection import Several
from garden.models import Display, KioskKey
from garden.models.wall import side_letter
from garden.ops.version import page_version
from garden.pages.privacy import page_config, shown, words_with
from garden.pages.words import MOODS, WORDS
from garden.privacy.consent import Policy
from garden.walls.service import zone_for

CAMERA_ONLY = "camera=(self), microphone=(), geolocation=()"
WEB_ASSEMBLY = {"script-src": ["'wasm-unsafe-eval'"]}
"""Framing a face and reading it are WebAssembly; no other page runs any, nor a kiosk where no face is read."""

ATTEMPTS, WINDOW_SECONDS = 10, 300
"""Of an address to pair a browser."""


class PairingForm(forms.Form):
    key = forms.CharField(max_length=200)


@gzip_page
@never_cache
@require_safe
def kiosk(request: HttpRequest) -> HttpResponseBase:
    """Begun in the language of `?language=ko`, else in KIOSK_LANGUAGE, else in the browser's."""
    for language in (request.GET.get("language"), settings.KIOSK_LANGUAGE):
        if language in dict(settings.LANGUAGES):
            translation.activate(language)
            break
    device = paired_kiosk(request)
    if settings.KIOSK_ACCESS == "keys" and device is None:
        return redirect("kiosk-pair")
    policy = Policy.at(device)
    page = {"words": WORDS, "moods": MOODS, "config": _kiosk_config(request, policy), "privacy": shown(policy)}

    def show(request: HttpRequest) -> HttpResponseBase:
        response = render(request, "kiosk/kiosk.html", page)
        response["Permissions-Policy"] = CAMERA_ONLY
        return response

    return csp_update(WEB_ASSEMBLY)(show)(request) if policy.reads_faces else show(request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "kiosk/pair.html", {"problem": ""})
    if count(f"pairing-{network_of(request)}", WINDOW_SECONDS) > ATTEMPTS:
        problem = _("There were too many attempts. Please wait five minutes, then try again.")
        return render(request, "kiosk/pair.html", {"problem": problem}, status=429)
    form = PairingForm(request.POST)
    key = pair_browser(request, form.cleaned_data["key"].strip()) if form.is_valid() else None
    if key is not None:  # Back to where it came from if that is a path of ours, else to its own page.
        path = request.GET.get("next", "")
        is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
        return redirect(path if is_ours else own_page(key))
    problem = _("This key is unknown, revoked or expired. Please check it, or make a new one in the admin pages.")
    return render(request, "kiosk/pair.html", {"problem": problem}, status=400)


def _read_of_several() -> str:
    """Which face a kiosk that reads itself is to read; without a quality check nothing is refused."""
    refuses = settings.FACE_SEVERAL == Several.REFUSE
    return Several.LARGEST.value if refuses and settings.FACE_QUALITY_CHECK == "off" else settings.FACE_SEVERAL


def _kiosk_config(request: HttpRequest, policy: Policy) -> dict[str, Any]:
    root, files, zone = get_script_prefix(), PrefixNode.handle_simple("STATIC_URL"), zone_for(paired_kiosk(request))
    return {
        "language": translation.get_language(),
        "words": words_with(policy),
        "privacy": page_config(policy),
        "moods": [mood.emotion for mood in MOODS],
        "csrfToken": get_token(request),
        "version": page_version(),
        "gives": settings.SOUVENIR_DAYS > 0,
        "grows": bool(settings.GROW_ENGINE),
        "wall": None if zone is None else {"title": zone.title},
        "idleSeconds": settings.KIOSK_IDLE_SECONDS,
        "farewellSeconds": settings.KIOSK_FAREWELL_SECONDS,
        "goodbyeSeconds": settings.KIOSK_GOODBYE_SECONDS,
        "paths": {
            "heartbeat": reverse("heartbeat"),
            "emotion": reverse("emotion"),
            "reading": reverse("reading"),
            "guess": reverse("guess"),
            "consent": reverse("consent"),
            "forget": reverse("forget"),
            "newest": reverse("garden-from-db"),
            "garden": f"{root}garden",
            "like": f"{root}like",
            "grow": f"{root}grow",
            "page": reverse("souvenir"),
            "file": reverse("souvenir-file"),
            "souvenir": reverse("souvenir-for-kiosk"),
            "wall": reverse("send-to-wall"),
            "picture": reverse("picture", args=[0, "KEY"]).removesuffix("0/KEY"),
        },
        "reading": {"reader": policy.reader.value, "several": _read_of_several()},
        "framing": {
            "module": static(f"{settings.HUMAN}/human.esm.js"),
            "models": f"{files}{settings.HUMAN}/models/",
            "wasm": f"{files}{settings.TFJS_WASM}/",
        },
        "fonts": [static(f"vendor/{font}/index.css") for font in ("noto-sans-kr", "noto-sans-jp")],
    }


View = Callable[..., HttpResponse]


def for_paired_browsers(view: View, *, displays: bool = False) -> View:
    """As the routes behind the page: a browser paired with a kiosk, staff, or everybody where kiosks are open.

    With `displays` also browsers paired with a display.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = paired_key(request) if settings.KIOSK_ACCESS == "keys" else None
        paired = key is not None and (displays or key.kiosk is not None)
        if settings.KIOSK_ACCESS == "keys" and not paired and not request.user.is_staff:
            return redirect(f"{reverse('kiosk-pair')}?{urlencode({'next': request.get_full_path()})}")
        return view(request, *args, **kwargs)

    return checked


def own_page(key: KioskKey) -> str:
    if isinstance(key.device, Display):
        return reverse("wall", args=[key.device.zone.name, key.device.number, side_letter(key.device.orientation)])
    return reverse("kiosk")
