"""One prompt, tried out: `POST /text2image` with a form, and the prompts tried before, kept in the browser alone."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from curation.access_control import page_context
from curation.pages.scripts import path_with, script_config
from generation.api.serializers import MAX_PICTURES
from generation.backends import get_engine
from generation.engines.base import RESOLUTIONS, SINGLE, UnsupportedSizeError

WORDS: dict[str, Promise | str] = {
    "making": _("The picture is being made …"),
    "made": _("Made in {seconds} s"),
    "waiting": _("It takes longer than usual: {done} of {all} made"),
    "failed": _("It failed: {why}"),
    "signed_out": _("You are signed out. Sign in again in another tab, then try once more."),
    "not_allowed": _("You may view this, but not change it."),
    "no_answer": _("No response from the server. Please check the connection."),
    "picture": _("The picture of: {prompt}"),
    "again": _("Use this prompt again: {prompt}"),
}


@never_cache
@require_safe
def show_try_pictures(request: HttpRequest) -> HttpResponse:
    engines = [_describe_engine(name) for name in settings.GENERATION_ENGINES]
    page = {
        **page_context(request, _("Try a prompt")),
        "engines": engines,
        "chosen": settings.GENERATION_DEFAULT_ENGINE,
        "usual": SINGLE,
        "most": MAX_PICTURES,
        "prompt": request.GET.get("prompt", "")[:10_000],
        "config": script_config(
            request,
            engines=engines,
            words=WORDS,
            make=reverse("text2image"),
            progress=path_with("job", "job-progress"),
        ),
    }
    return render(request, "admin/curation/try_pictures.html", page)


def _describe_engine(name: str) -> dict[str, Any]:
    """The usual sizes that the engine can make, and its limits in pixels."""
    limits = get_engine(name).limits
    sizes = [f"{width}×{height}" for width, height in RESOLUTIONS if _fits(limits, width, height)]
    bounds = {"multiple": limits.multiple, "minimum": limits.minimum, "maximum": limits.maximum}
    return {"name": name, "sizes": sizes, "limits": bounds}


def _fits(limits: Any, width: int, height: int) -> bool:
    try:
        limits.check(width, height)
    except UnsupportedSizeError:
        return False
    return True
