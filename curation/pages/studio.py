"""The retouch studio: a picture, a mask on it, and its versions."""

from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from rest_framework.generics import get_object_or_404

from curation.access_control import render_page
from curation.pages.scripts import ANY_NUMBER, path_with, script_config
from curation.pages.studio_fields import LABELS, form_context
from garden.models.choices import EMOTIONS
from generation.api.canvases import describe_canvas
from generation.api.retouch_words import describe_credits, offered_engines
from generation.models import Canvas
from generation.retouch.settings import RetouchSettings

RETOUCH, PUBLISH = "generation.retouch", "curation.publish_images"
RECENT = 50


@require_safe
def show_studio(request: HttpRequest) -> HttpResponse:
    """`?canvas=` is on the bench; `?image=` is opened first; without either a picture is chosen."""
    if "canvas" not in request.GET:
        return _opening(request)
    canvas, engines = get_object_or_404(Canvas, pk=request.GET["canvas"]), offered_engines()
    page = {
        **form_context(dict.fromkeys(engine["name"] for engine in engines)),
        "emotions": EMOTIONS,
        "config": _config(
            request,
            canvas=describe_canvas(canvas, request),
            options=form_options(engines),
            credits=describe_credits(request.user),  # type: ignore[arg-type]  # Only staff come here.
        ),
    }
    return render_page(request, "admin/curation/studio.html", _("Retouch"), page)


def form_options(engines: list[dict[str, Any]]) -> dict[str, Any]:
    """What the scripts of the form know: settings as usual, and what each engine accepts."""
    defaults = RetouchSettings().as_json()
    return {"defaults": defaults, "engines": engines, "default_engine": settings.GENERATION_DEFAULT_ENGINE}


def _opening(request: HttpRequest) -> HttpResponse:
    recent = Canvas.objects.annotate(edits=Count("versions")).select_related("by").order_by("-created_at")[:RECENT]
    image = request.GET.get("image", "")
    config = _config(request, image=int(image) if image.isdecimal() else None)
    return render_page(request, "admin/curation/studio_open.html", _("Retouch"), {"canvases": recent, "config": config})


def _config(request: HttpRequest, **given: Any) -> dict[str, Any]:
    return script_config(
        request,
        labels=LABELS,
        may={"retouch": request.user.has_perm(RETOUCH), "publish": request.user.has_perm(PUBLISH)},
        paths={
            "credits": reverse("curation:api-credits"),
            "presets": reverse("curation:api-retouch-presets"),
            "words": reverse("curation:api-retouch-words"),
            "ignored": reverse("curation:api-ignored-words"),
            "canvases": reverse("curation:api-canvases"),
            "versions": reverse("curation:api-versions"),
            "batch": reverse("curation:retouch-batch"),
            "job": path_with("job", "curation:job-page"),
            "head": path_with("canvas", "curation:api-head"),
            "outline": path_with("canvas", "curation:api-outline"),
            "tags": path_with("canvas", "curation:api-tags"),
            "compare": path_with("canvas", "curation:api-compare"),
            "reading": path_with("reading", "curation:api-reading"),
            "version": path_with("version", "curation:api-version"),
            "cancel": path_with("version", "curation:api-version-cancel"),
            "retry": path_with("version", "curation:api-version-retry"),
            "opacity": path_with("version", "curation:api-opacity"),
            "siblings": path_with("version", "curation:api-siblings"),
            "publish": path_with("version", "curation:api-publish-version"),
            "preset": path_with("preset", "curation:api-retouch-preset", ANY_NUMBER),
        },
        **given,
    )
