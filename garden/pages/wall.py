"""Walls: the page of one screen, and the form that sets one up."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from garden.access.kiosk_keys import paired_key
from garden.models import Zone
from garden.models.display import SLOTS
from garden.pages.moods import MOODS
from garden.pages.pairing import for_paired_walls, own_page
from garden.pages.wall_shell import shell_version

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
@for_paired_walls
def wall(request: HttpRequest, zone: str, number: str, side: str) -> HttpResponse:
    found = get_object_or_404(Zone, name=zone)
    version = shell_version()
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
@for_paired_walls
def wall_setup(request: HttpRequest) -> HttpResponse:
    key = paired_key(request)
    if key is not None and key.display is not None:
        return redirect(own_page(key))
    zones = Zone.objects.all()
    form = WallForm(request.GET if "zone" in request.GET else None, initial={"zone": zones.first()})
    if form.is_valid():
        wanted = form.cleaned_data
        path = reverse("wall", args=[wanted["zone"].name, wanted["picture"], wanted["orientation"]])
        return redirect(f"{path}?period={wanted['period']:g}")
    page = {"form": form, "zones": zones, "slots": SLOTS, "sides": SIDES, "shortest": SHORTEST, "longest": LONGEST}
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
