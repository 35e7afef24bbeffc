"""Pages on which a curator or developer tries the emotions and the garden; and their words."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from garden.models.choices import EMOTIONS, GENDERS, GENERATIONS
from garden.pages.kiosk import CAMERA_ONLY, for_paired_browsers
from garden.pages.words import MOODS

TRY_WORDS: dict[str, Promise | str] = {
    **{f"mood_{emotion}": name for emotion, name in EMOTIONS},
    **{f"generation_{generation}": name for generation, name in GENERATIONS},
    **{f"gender_{gender}": name for gender, name in GENDERS},
    "yes": _("yes"),
    "no": _("no"),
    "answered": _("Status {status} in {ms} ms"),
    "no_answer": _("No response from the server. Please check the connection."),
    "asking": _("Waiting for the response …"),
    "no_face": _("No face was found in this photo."),
    "camera_off": _("No camera can be used here. Choose a photo instead."),
    "photo_broken": _("This photo cannot be opened."),
    "looks": _("Looks {mood}"),
    "none": _("No picture"),
    "like": _("Like picture {number}"),
    "score": _("score {score}"),
    "personalized": _("Ranked for this visitor"),
    "not_personalized": _("Not ranked for this visitor: the recommender is unavailable"),
    "liked": _("The like was recorded."),
    "taken_back": _("The like was withdrawn."),
    "not_liked": _("The like was refused ({status})."),
}


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
    language = get_language() or "en"
    words = {key: str(text) for key, text in TRY_WORDS.items()}
    return {
        "language": language,
        "words": {language: words, "en": words},
        "csrfToken": get_token(request),
        "paths": paths,
    }
