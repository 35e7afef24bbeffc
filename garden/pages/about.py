"""The page about face reading: how it works, how accurate it is, and for whom it is less accurate."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from garden.access.kiosk_keys import paired_kiosk
from garden.faces.service import OFF
from garden.models import DailyCount
from garden.models.choices import EMOTIONS, GENDERS, GENERATIONS
from garden.privacy.consent import Policy
from garden.vocabulary import Reader

EVALUATION = Path(__file__).parents[1] / "faces" / "evaluation" / "latest.json"
IN_BROWSER = EVALUATION.with_name("in_browser.json")
"""The same of what kiosks read in their own page: python -m benchmarks.reading_in_page."""
OURS = "faces"
"""The collection of the garden's own figures: the page shows its limits, not those of a site's own analyzer."""
WEEKS, ENOUGH = 12, 50
"""How far back visitors' answers count, and how many it takes to say a share."""

LANGUAGES = (("en", "English"), ("ko", "한국어"), ("ja", "日本語"))
PATIENCE = 4
"""Reading takes longer than choosing: in parts of a kiosk's patience."""

GROUPS = dict((*GENERATIONS, *GENDERS))


@never_cache
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    activate_chosen_language(request)
    reader = Policy.at(paired_kiosk(request)).reader  # Elsewhere than at a kiosk, the server.
    return render(request, "about/about.html", {**_context(reader), **where_from(request)})


def activate_chosen_language(request: HttpRequest) -> None:
    """The one chosen on the page; without a choice the browser's own."""
    chosen = request.GET.get("lang", "")
    if chosen in dict(settings.LANGUAGES):
        translation.activate(chosen)


def where_from(request: HttpRequest) -> dict[str, Any]:
    """A visitor's kiosk returns from this page when it is idle."""
    origin = {"from": "kiosk"} if request.GET.get("from") == "kiosk" else {}
    return {
        "languages": [(code, name, f"?{urlencode({**origin, 'lang': code})}") for code, name in LANGUAGES],
        "here": f"?{urlencode({**origin, 'lang': translation.get_language()})}",
        "idle_seconds": settings.KIOSK_IDLE_SECONDS * PATIENCE if origin else None,
    }


def _context(reader: Reader) -> dict[str, Any]:
    asked, corrected = DailyCount.objects.guesses(WEEKS, reader)
    return {
        **_figures(reader),
        "in_browser": reader is Reader.IN_BROWSER,
        "weeks": WEEKS,
        "asked": asked,
        "corrected": _percent(corrected / asked) if asked >= ENOUGH else None,
    }


def _figures(reader: Reader) -> dict[str, Any]:
    """Of the local analyzer, or of what reads in pages; nothing where another one reads that was never measured."""
    in_browser = reader is Reader.IN_BROWSER
    report = json.loads((IN_BROWSER if in_browser else EVALUATION).read_text())
    measured = in_browser or report["analyzer"] == settings.FACE_ANALYZER["BACKEND"]
    if not (measured and report["emotions"]):
        return {"recalls": []}
    emotions, quality = report["emotions"], report["quality"]
    checked = quality and not in_browser and settings.FACE_QUALITY_CHECK != OFF
    names = dict(EMOTIONS)
    return {
        "photographs": report["photographs"],
        "recalls": [
            {
                "name": names[word],
                "count": figure["count"],
                **{part: _percent(figure[part]) for part in ("share", "low", "high")},
            }
            for word, figure in sorted(emotions["recall"].items(), key=lambda pair: -pair[1]["share"])
        ],
        "right": _percent(emotions["accuracy"]["share"]),
        "worse": [
            {
                "name": GROUPS[row["group"]],
                "points": round(-row["difference"] * 100),
                "count": row["accuracy"]["count"],
            }
            for row in report["worse_groups"]
        ],
        "ours": report["source"] == OURS,
        "quality": {"refused": f"{quality['refused']['share']:.1%}"} if checked else None,
    }


def _percent(share: float) -> str:
    return f"{share:.0%}"
