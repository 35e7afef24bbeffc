"""What the page shows of the figures: a plot, and the same as a table. Words are those of the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

Word = str | Promise
MISSING = -1
"""The tone of what is not there: a hollow bar."""


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of bar. `moods` names the emotion of each bar where its colour is the emotion's."""

    label: Word
    data: Sequence[float | None]
    moods: Sequence[str] = ()
    tone: int = 0
    line: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """`percent`: the values are shares (0–1). `across`: bars lie, their labels are long."""

    labels: Sequence[str]
    series: Sequence[Series]
    percent: bool = False
    across: bool = False
    stacked: bool = False

    def as_json(self) -> dict[str, Any]:
        series = [
            {"label": str(s.label), "data": s.data, "moods": list(s.moods), "tone": s.tone, "line": s.line}
            for s in self.series
        ]
        flags = {"percent": self.percent, "across": self.across, "stacked": self.stacked}
        return {"labels": list(self.labels), "series": series, **flags}


@dataclass(frozen=True, slots=True)
class Panel:
    """`sentences` say what matters; the table has all of it."""

    name: str
    title: Word
    columns: Sequence[Word]
    rows: Sequence[Sequence[Any]]
    chart: Chart | None = None
    sentences: Sequence[str] = ()
    hint: Word = ""
    counted_at: datetime | None = None
    link: tuple[str, Word] | None = field(default=None)


def share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
