"""The retouch studio: a picture, a mask over its bad corner, and the versions that came of it."""

import uuid
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from curation.pages.gate import page_context
from curation.pages.studio_fields import LABELS, form_context
from garden.models.choices import EMOTIONS
from generation.api.canvases import describe_canvas
from generation.api.retouch_words import describe_credits, offered_engines
from generation.models import Canvas
from generation.retouch.settings import RetouchSettings

_WORDS: dict[str, Promise | str] = {
    **{f"setting_{name}": label for name, label in LABELS.items()},
    "step_brush": _("brush"),
    "step_eraser": _("eraser"),
    "step_fill": _("fill"),
    "step_pencil": _("pencil"),
    "step_rubber": _("rubber"),
    "step_clear": _("mask cleared"),
    "step_all": _("all masked"),
    "step_invert": _("mask inverted"),
    "step_expand": _("mask expanded"),
    "step_shrink": _("mask shrunk"),
    "step_crop": _("crop"),
    "step_outline": _("outline"),
    "step_prompt": _("prompt"),
    "step_settings": _("settings"),
    "step_preset": _("preset {name}"),
    "step_reference": _("reference"),
    "step_opacity": _("opacity"),
    "step_restore": _("another version"),
    "step_run": _("version {number}"),
    "pixels": _("{count} px"),
    "version": _("Version {number}"),
    "opened": _("As it was opened"),
    "picture": _("picture {id}"),
    "models_own": _("the model's own"),
    "mask_empty": _("Nothing is masked in the crop yet. Paint over what shall be made anew."),
    "sending": _("The edit is being sent …"),
    "waiting": _("It is being repainted …"),
    "paused": _("The job is paused."),
    "cancelled": _("It was cancelled. Nothing has changed."),
    "cancel_this": _("cancel: {name}"),
    "credits_left": _("{left} of {most} credits left today; a picture costs {price}"),
    "made": _("Version {number} is on the bench."),
    "made_aside": _("Version {number} is made. Choose it in the list to see it."),
    "ignored": _("Not drawn by {engine}: {words}"),
    "failed": _("It could not be made: {why}"),
    "opacity_kept": _("Kept as version {number}, at {percent} %"),
    "extracting": _("The outline is being drawn …"),
    "extracted": _("The outline of the crop is drawn."),
    "reading": _("The picture is being read …"),
    "read": _("{count} words were found."),
    "reference_missing": _("Choose the reference picture first."),
    "preset_none": _("none"),
    "preset_saved": _("Saved: {name}"),
    "preset_dropped": _("Deleted: {name}"),
    "compare_this": _("compare: {name}"),
    "compare_changed": _("{share} of the pixels differ, by {largest} of 255 at most, {mean} on average"),
    "published": _("Kept as {key}"),
    "siblings_asked": _("Pictures being repainted: {count}."),
    "siblings_watch": _("Watch them"),
    "state_queued": _("waiting"),
    "state_paused": _("paused"),
    "state_leased": _("being made"),
    "state_failed": _("failed"),
    "state_cancelled": _("cancelled"),
    "token_less": _("less of {text}"),
    "token_more": _("more of {text}"),
    "token_drop": _("without {text}"),
    "signed_out": _("You are signed out. Sign in again in another tab, then try once more."),
    "not_allowed": _("You may look at this, but not change it."),
    "no_answer": _("The garden did not answer. Please check the connection."),
}


def words() -> dict[str, str]:
    """In the language of the request."""
    return {key: str(text) for key, text in _WORDS.items()}


SEE, RETOUCH, PUBLISH = "generation.view_version", "generation.retouch", "curation.publish_images"
RECENT = 50
NOBODY = uuid.UUID(int=0)
NUMBER = 10**9 + 7
# Of each route: its name, and what stands for the id that its script fills in.
ROUTES: dict[str, tuple[str, str]] = {
    "canvases": ("api-canvases", ""),
    "head": ("api-head", "canvas"),
    "outline": ("api-outline", "canvas"),
    "tags": ("api-tags", "canvas"),
    "compare": ("api-compare", "canvas"),
    "reading": ("api-reading", "reading"),
    "credits": ("api-credits", ""),
    "presets": ("api-retouch-presets", ""),
    "words": ("api-retouch-words", ""),
    "versions": ("api-versions", ""),
    "version": ("api-version", "version"),
    "cancel": ("api-version-cancel", "version"),
    "retry": ("api-version-retry", "version"),
    "opacity": ("api-opacity", "version"),
    "siblings": ("api-siblings", "version"),
    "publish": ("api-publish-version", "version"),
}


@never_cache
@require_safe
def show_studio(request: HttpRequest) -> HttpResponse:
    """`?canvas=` is on the bench; `?image=` is opened first; without either a picture is chosen."""
    if "canvas" not in request.GET:
        return _opening(request)
    canvas, engines = _canvas(request.GET["canvas"]), offered_engines()
    page = {
        **page_context(request, _("Retouch")),
        **form_context(dict.fromkeys(engine["name"] for engine in engines)),
        "emotions": EMOTIONS,
        "config": _config(
            request,
            canvas=describe_canvas(canvas, request),
            options=form_options(engines),
            credits=describe_credits(request.user),  # type: ignore[arg-type]  # The gate let nobody else in.
        ),
    }
    return render(request, "admin/curation/studio.html", page)


def form_options(engines: list[dict[str, Any]]) -> dict[str, Any]:
    """What the scripts of the form know: settings as usual, and what each engine accepts."""
    defaults = RetouchSettings().as_json()
    return {"defaults": defaults, "engines": engines, "default_engine": settings.GENERATION_DEFAULT_ENGINE}


def _opening(request: HttpRequest) -> HttpResponse:
    recent = Canvas.objects.annotate(edits=Count("versions")).select_related("by").order_by("-created_at")[:RECENT]
    image = request.GET.get("image", "")
    page = {
        **page_context(request, _("Retouch")),
        "canvases": recent,
        "config": _config(request, image=int(image) if image.isdecimal() else None),
    }
    return render(request, "admin/curation/studio_open.html", page)


def _canvas(given: str) -> Canvas:
    """Raises Http404 when there is none of that id."""
    try:
        return Canvas.objects.get(pk=uuid.UUID(given))
    except (ValueError, Canvas.DoesNotExist):
        raise Http404 from None


def _config(request: HttpRequest, **given: Any) -> dict[str, Any]:
    return {
        "language": get_language(),
        "csrfToken": get_token(request),
        "words": words(),
        "may": {"retouch": request.user.has_perm(RETOUCH), "publish": request.user.has_perm(PUBLISH)},
        "paths": {
            **{name: _path_of(*route) for name, route in ROUTES.items()},
            "preset": reverse("curation:api-retouch-preset", args=[NUMBER]).replace(str(NUMBER), "{preset}"),
            "bulk": reverse("curation:bulk"),
            "batch": reverse("curation:retouch-batch"),
        },
        **given,
    }


def _path_of(name: str, variable: str) -> str:
    """The route, with `{variable}` where an id belongs."""
    if not variable:
        return reverse(f"curation:{name}")
    return reverse(f"curation:{name}", args=[NOBODY]).replace(str(NOBODY), f"{{{variable}}}")
