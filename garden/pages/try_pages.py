"""Test pages for integrators: what one route answers, with all that it tells."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from garden.api.authentication import paired_kiosk
from garden.models.choices import EMOTIONS, GENDERS, GENERATIONS
from garden.pages.moods import MOODS
from garden.pages.pairing import lead_to_pairing
from garden.pages.try_words import try_words
from garden.pages.views import CAMERA_ONLY

View = Callable[[HttpRequest], HttpResponse]
SHOWN = 30


def _of_those_who_may_ask(view: View) -> View:
    """As the routes behind it: a paired browser, staff, or everybody where kiosks are open."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        if settings.KIOSK_ACCESS == "keys" and paired_kiosk(request) is None and not request.user.is_staff:
            return lead_to_pairing(request)
        return view(request)

    return never_cache(require_safe(checked))


@_of_those_who_may_ask
def try_emotion(request: HttpRequest) -> HttpResponse:
    page = {"moods": MOODS, "config": _config(request, emotion=reverse("emotion"))}
    response = render(request, "try/emotion.html", page)
    response["Permissions-Policy"] = CAMERA_ONLY
    return response


@_of_those_who_may_ask
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
        "answers": [("garden", _("For this visitor: /garden")), ("newest", _("Newest first: /gardenfromDB"))],
        "config": _config(request, picture=pictures, **paths),
    }
    return render(request, "try/garden.html", page)


def _config(request: HttpRequest, **paths: str) -> dict[str, Any]:
    return {"language": get_language(), "words": try_words(), "csrfToken": get_token(request), "paths": paths}
