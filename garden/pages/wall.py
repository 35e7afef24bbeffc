"""Walls: the page of one screen with its files under one version, and the form that sets one up."""

import json
import mimetypes
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from garden.access.kiosk_keys import paired_key
from garden.models import Zone
from garden.models.wall import SLOTS
from garden.ops import version as versions
from garden.ops.version import wall_files, wall_version
from garden.pages.kiosk import for_paired_browsers, own_page
from garden.pages.words import MOODS

YEAR_SECONDS = 365 * 24 * 3600

SIDES = [("h", _("landscape")), ("v", _("portrait"))]
SHORTEST, LONGEST = 0.2, 3600.0


class WallForm(forms.Form):
    """What a screen is to show; without JavaScript the server leads there."""

    zone = forms.ModelChoiceField(Zone.objects.all(), to_field_name="name")
    picture = forms.TypedChoiceField(choices=[(str(n), str(n)) for n in SLOTS], coerce=int, initial="1")
    orientation = forms.ChoiceField(choices=SIDES, initial="h")
    period = forms.FloatField(min_value=SHORTEST, max_value=LONGEST, initial=1)


@never_cache
@require_safe
@partial(for_paired_browsers, displays=True)
def wall(request: HttpRequest, zone: str, number: str, side: str) -> HttpResponse:
    found = get_object_or_404(Zone, name=zone)
    version = wall_version()
    page = {
        "zone": found,
        "slot": f"{number}{side}",
        "moods": MOODS,
        "version": version,
        "config": {**_config(request, found), "version": version, "number": int(number), "side": side},
    }
    response = render(request, "wall/wall.html", page)
    response["X-Wall-Version"] = version
    return response


@never_cache
@require_safe
@partial(for_paired_browsers, displays=True)
def wall_setup(request: HttpRequest) -> HttpResponse:
    key = paired_key(request)
    if key is not None and key.display is not None:
        return redirect(own_page(key))
    zones = Zone.objects.all()
    zone = zones.filter(name=request.GET.get("zone", "")).first()
    form = WallForm(request.GET if "picture" in request.GET else None, initial={"zone": zones.first()})
    if form.is_valid():
        chosen = form.cleaned_data
        path = reverse("wall", args=[chosen["zone"].name, chosen["picture"], chosen["orientation"]])
        return redirect(f"{path}?period={chosen['period']:g}")
    page = {"form": form, "zone": zone, "zones": zones, "slots": SLOTS, "shortest": SHORTEST, "longest": LONGEST}
    return render(request, "wall/setup.html", page)


def _config(request: HttpRequest, zone: Zone) -> dict[str, Any]:
    return {
        "zone": zone.name,
        "csrfToken": get_token(request),
        "paths": {
            "scope": reverse("wall-setup"),
            "worker": reverse("wall-worker"),
            "manifest": reverse("wall-manifest", args=[zone.name]),
            "heartbeat": reverse("heartbeat"),
        },
    }


@require_safe
def wall_file(request: HttpRequest, version: str, name: str) -> HttpResponse:
    path = wall_files().get(name)
    if path is None or version != wall_version():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type=mimetypes.types_map[path.suffix])
    patch_cache_control(response, public=True, immutable=True, max_age=YEAR_SECONDS)
    return response


@never_cache
@require_safe
def wall_worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it changes with whatever it holds, which is how browsers learn of a new version."""
    version = wall_version()
    files = [reverse("wall-file", args=[version, name]) for name in sorted(wall_files())]
    shell = {"version": version, "files": [*files, *sorted({static(mood.glyph) for mood in MOODS})]}
    script = f"self.shell = {json.dumps(shell)};\n{versions.WALL_WORKER.read_text(encoding='utf-8')}"
    response = HttpResponse(script, content_type="text/javascript")
    response["Service-Worker-Allowed"] = reverse("wall-setup")
    return response
