"""Sums over all pictures are kept with their age; a clock renews them, so that the page never waits."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from curation.dashboard.keeping import count_keeping
from curation.dashboard.liking import count_likes
from curation.dashboard.stock import count_stock
from curation.dashboard.throughput import count_decisions
from curation.models import Figures

SOURCES: dict[str, Callable[[], dict[str, Any]]] = {
    "stock": count_stock,
    "keeping": count_keeping,
    "likes": count_likes,
    "decisions": count_decisions,
}
FRESH = timedelta(seconds=10)
"""Whoever asks again sooner gets the same."""


def read_figures() -> dict[str, Figures]:
    """All roll-ups; only those that nobody ever computed are computed now."""
    known = {figures.name: figures for figures in Figures.objects.filter(name__in=SOURCES)}
    return {name: known.get(name) or roll_up(name) for name in SOURCES}


def roll_up(name: str) -> Figures:
    begun = time.perf_counter()
    data = SOURCES[name]()
    found = {"data": data, "computed_at": timezone.now(), "seconds": time.perf_counter() - begun}
    return Figures.objects.update_or_create(name=name, defaults=found)[0]


def roll_up_all() -> None:
    """Each unless it was computed just now."""
    fresh = Figures.objects.filter(computed_at__gte=timezone.now() - FRESH).values_list("name", flat=True)
    for name in set(SOURCES) - set(fresh):
        roll_up(name)
