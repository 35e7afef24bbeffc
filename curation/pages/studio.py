"""The retouch studio: a picture, a mask on it, its versions, and what its form offers."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from rest_framework.generics import get_object_or_404

from curation.access_control import render_page
from curation.pages.scripts import ANY_NUMBER, path_with, script_config
from garden.models.choices import EMOTIONS
from generation.api.canvases import describe_canvas
from generation.api.retouch_words import describe_credits, offered_engines
from generation.engines.base import Ability
from generation.models import Canvas, RetouchPreset
from generation.retouch.settings import OPTIONAL, RANGES, STOPS, WHOLE, Fill, LineMethod, RetouchSettings, Sampler

Label = Promise | str
LABELS: dict[str, Label] = {
    "crop": _("Crop"),
    "prompt": _("Prompt"),
    "negative": _("Negative prompt"),
    "strength": _("Strength of the change"),
    "steps": _("Steps"),
    "guidance": _("Guidance scale"),
    "seed": _("Seed"),
    "sampler": _("Sampler"),
    "fill": _("Fill the mask with"),
    "expand": _("Expand the mask by (px)"),
    "feather": _("Feather (px)"),
    "mask_blur": _("Mask blur (px)"),
    "line_weight": _("Weight of the outline"),
    "line_start": _("From this part of the steps"),
    "line_end": _("to this part of the steps"),
    "line_simplicity": _("Simplicity"),
    "line_method": _("Method"),
    "reference_weight": _("Weight of the reference"),
    "anti_glare": _("Anti-glare"),
    "colour_match": _("Match the colours around"),
    "opacity": _("Opacity"),
    "engine": _("Engine"),
    "model": _("Model"),
}
STOP_LABELS: dict[str, Label] = {
    "touch up": _("touch up"),
    "refine": _("refine"),
    "change": _("change"),
    "replace": _("replace"),
    "anew": _("redraw"),
}
FILLS: dict[str, Label | None] = {
    Fill.ORIGINAL: _("original content"),
    Fill.NOISE: _("noise"),
    Fill.BLUR: _("blurred original"),
}
SAMPLERS: dict[str, Label | None] = {
    Sampler.OWN: _("the model's own"),
    Sampler.DPM: "DPM++ 2M Karras",
    Sampler.DDIM: "DDIM",
    Sampler.EULER: "Euler a",
    Sampler.UNIPC: "UniPC",
}
LINE_METHODS: dict[str, Label] = {LineMethod.XDOG: _("soft (XDoG)"), LineMethod.CANNY: _("fine (Canny)")}
ABILITIES = {"sampler": Ability.SAMPLERS, "steps": Ability.STEPS, "guidance": Ability.GUIDANCE}
"""Settings that are offered where the chosen engine has the ability."""
NUMBERS = ("steps", "guidance", "seed", "expand", "feather", "mask_blur")
EIGHT_SIDES: list[tuple[str, Label]] = [
    ("nw", _("Corner top left")),
    ("n", _("Edge above")),
    ("ne", _("Corner top right")),
    ("e", _("Edge right")),
    ("se", _("Corner bottom right")),
    ("s", _("Edge below")),
    ("sw", _("Corner bottom left")),
    ("w", _("Edge left")),
]
CROP_FIELDS: list[tuple[str, Label]] = [("x", "x"), ("y", "y"), ("width", _("width")), ("height", _("height"))]
RATIOS: list[tuple[str, Label]] = [
    ("", _("all")),
    ("1:1", "1:1"),
    ("4:3", "4:3"),
    ("16:10", "16:10"),
    ("10:16", "10:16"),
]
REFERENCES: list[tuple[str, Label]] = [
    ("none", _("none")),
    ("own", _("this picture")),
    ("image", _("another of the garden's")),
    ("file", _("a file from here")),
]
KEYS: list[tuple[str, Label]] = [
    ("B E G", _("brush, eraser, fill")),
    ("N R", _("pencil and rubber of the outline")),
    ("H · space", _("hand: move the picture")),
    ("[ ]", _("smaller, larger")),
    ("I", _("invert the mask")),
    ("C", _("crop: arrows move it, with Shift ten times as far")),
    ("S", _("picture: arrow keys move the brush, Enter paints")),
    ("V M O", _("show or hide repair, mask, outline")),
    ("X", _("hold: show the picture before")),
    ("+ − 0 1", _("zoom in, out, fit, 100 %")),
    ("Ctrl Z · U", _("undo")),
    ("Ctrl Y", _("redo")),
    ("Ctrl ↵", _("repaint the mask")),
    ("Alt ← →", _("move a word of the prompt")),
    ("?", _("this help")),
]


class Number(NamedTuple):
    """A field of the form; `optional` is what it says while it is empty, `ability` what an engine needs for it."""

    name: str
    label: Label
    least: float
    most: float
    step: str
    optional: Label
    ability: str


def form_context(engines: Iterable[str]) -> dict[str, Any]:
    """What the templates of the studio are filled with; `engines` are the names of those that repaint."""
    return {
        "labels": LABELS,
        "prompts": [
            ("prompt", LABELS["prompt"], _("what it should show, then Enter")),
            ("negative", LABELS["negative"], _("what it should not show")),
        ],
        "stops": [{"label": STOP_LABELS.get(name, name), "strength": f"{share:g}"} for name, share in STOPS.items()],
        "numbers": [_number(name) for name in NUMBERS],
        "choices": {
            "engine": _choice("engine", {"": _("default"), **{name: name for name in engines}}),
            "sampler": _choice("sampler", SAMPLERS),
            "fill": _choice("fill", FILLS),
        },
        "line_methods": [(str(value), label) for value, label in LINE_METHODS.items()],
        "handles": EIGHT_SIDES,
        "crop_fields": CROP_FIELDS,
        "ratios": RATIOS,
        "references": REFERENCES,
        "key_help": KEYS,
        "presets": [(preset.pk, preset.name, json.dumps(preset.chosen)) for preset in RetouchPreset.objects.all()],
    }


def _choice(name: str, values: dict[str, Label | None]) -> dict[str, Any]:
    # Django's templates would take `.values` of a dict for its method.
    pairs = [(str(value), label or value) for value, label in values.items()]
    return {"label": LABELS[name], "pairs": pairs, "ability": ABILITIES.get(name, "")}


def _number(name: str) -> Number:
    least, most = RANGES[name]
    empty: dict[str, Label] = {"seed": _("random")}
    optional = empty.get(name, _("the model's")) if name in OPTIONAL else ""
    step = "1" if name in WHOLE else "0.1"
    return Number(name, LABELS[name], least, most, step, optional, ABILITIES.get(name, ""))


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
