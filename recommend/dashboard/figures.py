"""The dashboard's figures, read from sums: a handful of queries, however many likes there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Sum, Value
from django.db.models.functions import StrIndex, Substr
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from garden.models.choices import EMOTIONS, GENDERS, GENERATIONS
from recommend.dashboard.charts import Chart, Series
from recommend.dashboard.rates import Lift, Rate, lift
from recommend.learning.groups import UNKNOWN
from recommend.models import Arm, CoverageTally, DailyTally, PlaceTally, RankedPicture

SPANS = (7, 30, 90, 365)
SHOWN_ARMS = (Arm.CHAMPION, Arm.CHALLENGER, Arm.HOLDOUT)


@dataclass(frozen=True, slots=True)
class ArmFigure:
    """Of all slates of an arm: how many were liked, and how many more than of random ones."""

    name: str
    rate: Rate
    lift: Lift | None


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything on the page; `arms` are those that served anybody."""

    days: int
    arms: Sequence[ArmFigure]
    charts: Sequence[Chart]
    coverage: Sequence[CoverageTally]
    most: Sequence[RankedPicture]
    least: Sequence[RankedPicture]


def gather(days: int) -> Dashboard:
    """Figures of the last so many days, today included."""
    since = timezone.localdate() - timedelta(days=days - 1)
    ranked = list(RankedPicture.objects.select_related("image"))
    return Dashboard(
        days,
        _arms(since),
        [*_by_visitor(since), _learning_curve(since), _places(since)],
        list(CoverageTally.objects.order_by("emotion")),
        [picture for picture in ranked if picture.list == RankedPicture.List.MOST],
        [picture for picture in ranked if picture.list == RankedPicture.List.LEAST],
    )


def _sums(since: date, *by: str) -> dict[Any, Rate]:
    """Liked and all slates by one or more fields."""
    slash = StrIndex("group", Value("/"))
    tallies = DailyTally.objects.filter(day__gte=since).annotate(
        generation=Substr("group", 1, slash - 1), gender=Substr("group", slash + 1)
    )
    rows = tallies.values_list(*by).order_by().annotate(hits=Sum(F("liked")), tries=Sum(F("slates")))
    return {(row[0] if len(by) == 1 else tuple(row[:-2])): Rate(row[-2], row[-1]) for row in rows}


def _arms(since: date) -> list[ArmFigure]:
    rates = _sums(since, "arm")
    baseline = rates.get(Arm.HOLDOUT.value, Rate(0, 0))
    return [
        ArmFigure(str(arm.label), rates[arm.value], None if arm is Arm.HOLDOUT else lift(rates[arm.value], baseline))
        for arm in SHOWN_ARMS
        if arm.value in rates
    ]


def _by_visitor(since: date) -> list[Chart]:
    """Like-rates by emotion, generation and gender, of everybody but the hold-out, and of the hold-out."""
    about: list[tuple[str, str, Sequence[tuple[str, Any]]]] = [
        ("emotion", _("Likes by emotion"), EMOTIONS),
        ("generation", _("Likes by generation"), [*GENERATIONS, (UNKNOWN, _("unknown"))]),
        ("gender", _("Likes by gender"), [*GENDERS, (UNKNOWN, _("unknown"))]),
    ]
    return [_chart_by(since, field, title, words) for field, title, words in about]


def _chart_by(since: date, field: str, title: str, words: Sequence[tuple[str, Any]]) -> Chart:
    rates = _sums(since, field, "arm")
    series = [
        Series(str(arm.label), [rates.get((word, arm.value), Rate(0, 0)) for word, _label in words])
        for arm in (Arm.CHAMPION, Arm.HOLDOUT)
    ]
    columns = (_("visitors"), _("slates"), _("slates with a like"))
    return Chart(field, title, "bar", columns, [str(label) for _word, label in words], series)


def _learning_curve(since: date) -> Chart:
    rates = _sums(since, "day", "arm")
    days = sorted({day for day, _arm in rates})
    arms = [arm for arm in SHOWN_ARMS if any(found == arm.value for _day, found in rates)]
    series = [Series(str(arm.label), [rates.get((day, arm.value), Rate(0, 0)) for day in days]) for arm in arms]
    columns = (_("day"), _("slates"), _("slates with a like"))
    return Chart("curve", _("Learning curve"), "line", columns, [day.isoformat() for day in days], series)


def _places(since: date) -> Chart:
    tallies = PlaceTally.objects.filter(day__gte=since).values_list("place", "arm").order_by()
    rows = tallies.annotate(hits=Sum("liked"), tries=Sum("shown"))
    rates = {(place, arm): Rate(hits, tries) for place, arm, hits, tries in rows}
    places = sorted({place for place, _arm in rates})
    series = [
        Series(str(arm.label), [rates.get((place, arm.value), Rate(0, 0)) for place in places])
        for arm in (Arm.CHAMPION, Arm.HOLDOUT)
    ]
    columns = (pgettext("rank", "place"), _("shown"), pgettext("visitor", "liked"))
    return Chart("places", _("Likes by place"), "bar", columns, [str(place + 1) for place in places], series)
