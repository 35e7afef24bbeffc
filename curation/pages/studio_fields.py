"""What the studio's form offers: the settings of a retouch with their names, ranges and choices."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from generation.engines.base import Ability
from generation.models import RetouchPreset
from generation.retouch.settings import OPTIONAL, RANGES, STOPS, WHOLE, Fill, LineMethod, Sampler

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
