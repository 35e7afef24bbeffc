"""Pages on which a curator or developer tries the emotions and the garden."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from garden.models.choices import EMOTIONS, GENDERS, GENERATIONS
from garden.pages.kiosk import CAMERA_ONLY, for_paired_browsers
from garden.pages.words import MOODS

SHOWN = 30


@never_cache
@require_safe
@for_paired_browsers
def try_emotion(request: HttpRequest) -> HttpResponse:
    page = {"moods": MOODS, "config": _config(request, emotion=reverse("emotion"))}
    response = render(request, "try/emotion.html", page)
    response["Permissions-Policy"] = CAMERA_ONLY
    return response


@never_cache
@require_safe
@for_paired_browsers
def try_garden(request: HttpRequest) -> HttpResponse:
    root = get_script_prefix()
    paths = {"newest": reverse("garden-from-db"), "garden": f"{root}garden", "like": f"{root}like"}
    pictures = reverse("picture", args=[0, "KEY"]).removesuffix("0/KEY")
    page = {
        "emotions": EMOTIONS,
        "generations": GENERATIONS,
        "genders": GENDERS,
        "asked": {name: request.GET.get(name, "") for name in ("id", "emotion", "favorite", "generation", "gender")},
        "limit": SHOWN,
        "answers": [
            ("garden", gettext("For this visitor: /garden")),
            ("newest", gettext("Newest first: /gardenfromDB")),
        ],
        "config": _config(request, picture=pictures, **paths),
    }
    return render(request, "try/garden.html", page)


def _config(request: HttpRequest, **paths: str) -> dict[str, Any]:
    names = {"emotion": dict(EMOTIONS), "generation": dict(GENERATIONS), "gender": dict(GENDERS)}
    return {"csrfToken": get_token(request), "names": names, "paths": paths}
