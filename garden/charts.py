"""Bar and line charts, drawn on the server as SVG: the page's style gives the colours, and no script is needed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from django.utils.formats import number_format

HEIGHT = 40
"""Of a line chart, in units of which its width has 100."""
HALF = 0.5
"""A chart of shares that reaches further has the whole width for 100 %."""


@dataclass(frozen=True, slots=True)
class Series:
    """One colour. `moods` names the emotion of each bar where its colour is the emotion's; `bounds` are intervals."""

    label: str
    values: Sequence[float | None]
    moods: Sequence[str] = ()
    tone: str = "0"
    bounds: Sequence[tuple[float, float] | None] = ()


class Mark(NamedTuple):
    """A bar, in shares of the width (0–100) and in rows; `low` and `high` are None without an interval."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    low: float | None = None
    high: float | None = None
    mood: str = ""

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


class BarRow(NamedTuple):
    label: str
    marks: Sequence[Mark]
    lines: int
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`percent`: values are shares (0–1). `stacked`: the series of a label share one bar. `line`: labels are days."""

    labels: Sequence[str]
    series: Sequence[Series]
    percent: bool = False
    stacked: bool = False
    line: bool = False

    @property
    def top(self) -> float:
        """The value that has the whole width, or height."""
        highs = [bound[1] for series in self.series for bound in series.bounds if bound]
        values = [sum(values) if self.stacked else max(values, default=0) for values in self._by_label()]
        top = max([*highs, *values], default=0)
        return 1 if self.percent and top > HALF else top or 1

    @property
    def top_text(self) -> str:
        return self._text(self.top)

    @property
    def rows(self) -> Iterator[BarRow]:
        """Bars: one row a label."""
        for place, label in enumerate(self.labels):
            values = [series.values[place] for series in self.series]
            text = " · ".join("–" if value is None else self._text(value) for value in values)
            yield BarRow(label, self._marks(place), 1 if self.stacked else len(self.series), text)

    @property
    def lines(self) -> Iterator[tuple[Series, str, Sequence[Mark]]]:
        """Lines: of each series its points, as SVG writes them, and its intervals."""
        step = 100 / max(1, len(self.labels) - 1)
        for series in self.series:
            places = [(place * step, value) for place, value in enumerate(series.values) if value is not None]
            points = " ".join(f"{x:.2f},{self._height(value):.2f}" for x, value in places)
            bounds = enumerate(series.bounds)
            yield (
                series,
                points,
                [
                    Mark(place * step, 0, 0, 0, "", self._height(bound[0]), self._height(bound[1]))
                    for place, bound in bounds
                    if bound
                ],
            )

    def _marks(self, place: int) -> list[Mark]:
        values = [series.values[place] or 0 for series in self.series]
        begins = [0.0, *accumulate(values)] if self.stacked else [0.0] * len(values)
        marks = []
        for number, series in enumerate(self.series):
            bound = series.bounds[place] if series.bounds else None
            low, high = (self._width(bound[0]), self._width(bound[1])) if bound else (None, None)
            mood = series.moods[place] if series.moods else ""
            y = 0 if self.stacked else number
            x, width = self._width(begins[number]), self._width(values[number])
            marks.append(Mark(x, y + 0.1, width, 0.8, f"tone-{series.tone}", low, high, mood))
        return marks

    def _by_label(self) -> Iterator[list[float]]:
        for place in range(len(self.labels)):
            yield [series.values[place] or 0 for series in self.series]

    def _width(self, value: float) -> float:
        return round(100 * min(value / self.top, 1), 2)

    def _height(self, value: float) -> float:
        return round(HEIGHT * (1 - min(value / self.top, 1)), 2)

    def _text(self, value: float) -> str:
        return (
            f"{value:.0%}" if self.percent else number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True)
        )
