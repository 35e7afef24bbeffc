"""The page that says how faces are read, how well, and for whom worse."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
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
from garden.models import GuessCount
from garden.models.choices import EMOTIONS, GENDERS, GENERATIONS
from garden.privacy.consent import Policy
from garden.vocabulary import Reader

EVALUATION = Path(__file__).parents[1] / "faces" / "evaluation" / "latest.json"
IN_BROWSER = EVALUATION.with_name("in_browser.json")
"""The same of what kiosks read in their own page: python -m benchmarks.reading_in_page."""
OURS = "faces"
"""The collection of the garden's own figures, whose limits the page tells. Of a site's own it knows none."""
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
    return render(request, "about/about.html", {**_context(_reader(request)), **where_from(request)})


def activate_chosen_language(request: HttpRequest) -> None:
    """The one chosen on the page; without a choice the browser's own."""
    chosen = request.GET.get("lang", "")
    if chosen in dict(settings.LANGUAGES):
        translation.activate(chosen)


def where_from(request: HttpRequest) -> dict[str, Any]:
    """Who came from a kiosk is brought back there when nobody reads any more."""
    origin = {"from": "kiosk"} if request.GET.get("from") == "kiosk" else {}
    return {
        "languages": [(code, name, f"?{urlencode({**origin, 'lang': code})}") for code, name in LANGUAGES],
        "here": f"?{urlencode({**origin, 'lang': translation.get_language()})}",
        "idle_seconds": settings.KIOSK_IDLE_SECONDS * PATIENCE if origin else None,
    }


def _reader(request: HttpRequest) -> Reader:
    """Who reads faces at the kiosk that asks; for everybody else, the server."""
    return Policy.at(paired_kiosk(request)).reader


def _context(reader: Reader) -> dict[str, Any]:
    asked, corrected = GuessCount.objects.asked_and_corrected(WEEKS, reader)
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
    report = _report(IN_BROWSER if in_browser else EVALUATION)
    if report is None or not report["emotions"]:
        return {"recalls": []}
    if not in_browser and report["analyzer"] != settings.FACE_ANALYZER["BACKEND"]:
        return {"recalls": []}
    return {
        "photographs": report["photographs"],
        "recalls": list(_recalls(report["emotions"]["recall"])),
        "right": _percent(report["emotions"]["accuracy"]["share"]),
        "worse": list(_worse(report["worse_groups"])),
        "ours": report["source"] == OURS,
        "quality": None if in_browser else _quality(report["quality"]),
    }


@lru_cache(maxsize=2)
def _report(path: Path) -> Mapping[str, Any] | None:
    try:
        report: Mapping[str, Any] = json.loads(path.read_text())
    except OSError:
        return None
    return report


def _recalls(recalls: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    names = dict(EMOTIONS)
    for word, figure in sorted(recalls.items(), key=lambda pair: -pair[1]["share"]):
        low, high = _percent(figure["low"]), _percent(figure["high"])
        yield {"name": names[word], "share": _percent(figure["share"]), "low": low, "high": high, **_count(figure)}


def _quality(quality: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Nothing where the quality check is off, or was never measured."""
    if quality is None or settings.FACE_QUALITY_CHECK == OFF:
        return None
    return {"refused": f"{quality['refused']['share']:.1%}"}


def _count(figure: Mapping[str, Any]) -> dict[str, int]:
    return {"count": figure["count"]}


def _worse(rows: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {"name": GROUPS[row["group"]], "points": round(-row["difference"] * 100), **_count(row["accuracy"])}


def _percent(share: float) -> str:
    return f"{share:.0%}"
