"""Figures as charts and tables: the same numbers, seen and read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from recommend.dashboard.rates import Rate


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart: a rate for each of the chart's labels."""

    label: str
    rates: Sequence[Rate]


@dataclass(frozen=True, slots=True)
class Chart:
    """`kind` is bar or line; `columns` head its table: what a label is, what tries are, what hits are."""

    id: str
    title: str
    kind: str
    columns: tuple[str, str, str]
    labels: Sequence[str]
    series: Sequence[Series]

    def as_json(self) -> dict[str, Any]:
        """What the page's script draws; percentages, null where nothing is known."""
        return {
            "id": self.id,
            "kind": self.kind,
            "labels": list(self.labels),
            "series": [_series(series) for series in self.series],
        }

    @property
    def rows(self) -> Iterable[tuple[str, str, Rate]]:
        """Label, series and rate of each line of the table."""
        for place, label in enumerate(self.labels):
            for series in self.series:
                yield label, series.label, series.rates[place]


def _series(series: Series) -> dict[str, Any]:
    return {
        "label": series.label,
        "values": [_percent(rate.value) for rate in series.rates],
        "lows": [_percent(rate.low if rate.tries else None) for rate in series.rates],
        "highs": [_percent(rate.high if rate.tries else None) for rate in series.rates],
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 2)
