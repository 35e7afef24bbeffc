"""The dashboard: figures from daily sums and like-rates, in a fixed number of queries."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from garden.charts import Chart, Series
from garden.models import Image
from garden.models.choices import EMOTIONS, GENDERS, GENERATIONS
from garden.storage.serving import PublicUrls
from recommend.bandit.context import UNKNOWN
from recommend.evaluation.estimators import Lift, Rate, lift
from recommend.explanations import explain_change, explain_coverage, explain_pictures
from recommend.models import Arm, Coverage, DailyTally, ImageRate

FRESH = timedelta(days=7)
LEAST_VIEWS = 20
"""A picture shown less often is on neither list."""
LENGTH = 10
"""Of each list."""
CACHE_SECONDS = 600
_KEY = "recommend.dashboard.pictures"


@dataclass(frozen=True, slots=True)
class GardenCoverage:
    """Serving pictures of one emotion: all, ever shown, and the same for those published recently."""

    emotion: str
    pictures: int
    shown: int
    fresh: int
    fresh_shown: int

    @property
    def label(self) -> str | Promise:
        return dict(EMOTIONS)[self.emotion]


class RankedPicture(NamedTuple):
    """One of the most or least liked pictures."""

    image: Image
    shown: int
    liked: int


class PictureFigures(NamedTuple):
    """Coverage by emotion, the most and least liked serving pictures (id, shown, liked) by their like-rates, and the
    sums (grown, shown, liked) of pictures grown for visitors and of all others, and those by emotion and favorite."""

    coverage: list[GardenCoverage]
    most: list[tuple[int, int, int]]
    least: list[tuple[int, int, int]]
    grown: list[tuple[bool, int, int]]
    kinds: list[tuple[str, str, int, int]]


def read_pictures() -> PictureFigures:
    """Counted within the last CACHE_SECONDS."""
    found: Any = cache.get_or_set(_KEY, count_pictures, CACHE_SECONDS)
    return PictureFigures(*found)


def count_pictures() -> PictureFigures:
    """Reads every like-rate of serving pictures, in memory that does not grow with them."""
    return PictureFigures(
        _coverage(), _first(lambda rate: -rate.low), _first(lambda rate: rate.high), _by_origin(), _by_kind()
    )


def with_images(counted: Sequence[tuple[int, int, int]]) -> list[RankedPicture]:
    """Without deleted ones."""
    images = Image.objects.in_bulk([image for image, _shown, _liked in counted])
    return [RankedPicture(images[image], shown, liked) for image, shown, liked in counted if image in images]


def _by_origin() -> list[tuple[bool, int, int]]:
    rates = ImageRate.objects.order_by().annotate(is_grown=Q(image__grown_at__isnull=False))
    return sorted(rates.values_list("is_grown").annotate(Sum("shown"), Sum("liked")), reverse=True)


def _by_kind() -> list[tuple[str, str, int, int]]:
    rates = ImageRate.objects.order_by().values_list("image__emotion", "image__favorite")
    return list(rates.annotate(Sum("shown"), Sum("liked")))


def _coverage() -> list[GardenCoverage]:
    seen = Q(was_shown=True)
    fresh = Q(published_at__gte=timezone.now() - FRESH)
    shown = ImageRate.objects.filter(image=OuterRef("pk"), shown__gt=0)
    counted = Image.objects.serving().annotate(was_shown=Exists(shown)).values("emotion").order_by("emotion")
    rows = counted.annotate(
        pictures=Count("pk"),
        shown=Count("pk", filter=seen),
        fresh=Count("pk", filter=fresh),
        fresh_shown=Count("pk", filter=fresh & seen),
    )
    return [GardenCoverage(**row) for row in rows]


def _first(order: Callable[[Rate], float]) -> list[tuple[int, int, int]]:
    """The first pictures in this order of like-rates, in one pass."""
    rates = ImageRate.objects.filter(image__state=Image.State.SERVING).values("image_id").order_by()
    sums = rates.annotate(views=Sum("shown"), likes=Sum("liked")).filter(views__gte=LEAST_VIEWS)
    rows = sums.values_list("image_id", "views", "likes").iterator(chunk_size=5_000)
    return heapq.nsmallest(LENGTH, rows, key=lambda row: order(Rate(row[2], row[1])))


SPANS = (7, 30, 90, 365)
DEFAULT_SPAN = 30
SHOWN_ARMS = (Arm.CHAMPION, Arm.CHALLENGER, Arm.HOLDOUT)
Cells = dict[tuple[str, str, str], Rate]
"""By arm, emotion and visitor group."""


@dataclass(frozen=True, slots=True)
class LearningSeries:
    """One colour of a chart: a rate for each of the chart's labels."""

    label: str
    rates: Sequence[Rate]


@dataclass(frozen=True, slots=True)
class LearningChart:
    """`columns` head its table: what a label is, what tries are, what hits are."""

    id: str
    title: str
    columns: tuple[str, str, str]
    labels: Sequence[str]
    series: Sequence[LearningSeries]

    line: bool = False

    @property
    def drawn(self) -> Chart:
        """The rates with their confidence intervals; nothing where nothing was tried."""
        series = [
            Series(
                one.label,
                [rate.value if rate.tries else None for rate in one.rates],
                tone=str(tone),
                bounds=[(rate.low, rate.high) if rate.tries else None for rate in one.rates],
            )
            for tone, one in enumerate(self.series)
        ]
        return Chart(self.labels, series, percent=True, line=self.line)

    @property
    def rows(self) -> Iterable[tuple[str, str, Rate]]:
        """Label, series and rate of each line of the table."""
        for place, label in enumerate(self.labels):
            for series in self.series:
                yield label, series.label, series.rates[place]


@dataclass(frozen=True, slots=True)
class ArmFigure:
    """Of all slates of an arm: the share with a like, and its lift over random slates."""

    name: str
    rate: Rate
    lift: Lift | None


@dataclass(frozen=True, slots=True)
class GrownFigure:
    """How often pictures grown for visitors were liked, or all others."""

    is_grown: bool
    rate: Rate


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything on the page; `arms` are those with slates."""

    days: int
    arms: Sequence[ArmFigure]
    charts: Sequence[LearningChart]
    coverage: Sequence[GardenCoverage]
    most: Sequence[RankedPicture]
    least: Sequence[RankedPicture]
    grown: Sequence[GrownFigure]
    change: str
    promise: str
    why: Mapping[int, Sequence[str]]


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Context of the template; a span that is not one of SPANS is the default one."""
    days = {str(span): span for span in SPANS}.get(request.GET.get("days", ""), DEFAULT_SPAN)
    dashboard, url_of = gather(days), PublicUrls(request)
    return {
        "dashboard": dashboard,
        "spans": SPANS,
        "lists": [
            {
                "ranked": ranked,
                "pictures": [
                    (picture, url_of(picture.image.key), dashboard.why[picture.image.pk]) for picture in pictures
                ],
            }
            for ranked, pictures in (("most", dashboard.most), ("least", dashboard.least))
        ],
    }


def gather(days: int) -> Dashboard:
    """Figures of the last so many days, today included."""
    begin = timezone.localdate() - timedelta(days=days)
    tallies = list(DailyTally.objects.filter(day__gt=begin))
    before = DailyTally.objects.filter(day__lte=begin, day__gt=begin - timedelta(days=days))
    cells = _rates(
        ((arm, emotion, group), liked, slates)
        for tally in tallies
        for arm, emotion, group, slates, liked in tally.slates
    )
    pictures = read_pictures()
    most, least = with_images(pictures.most), with_images(pictures.least)
    kinds = {(emotion, favorite): Rate(liked, shown) for emotion, favorite, shown, liked in pictures.kinds}
    return Dashboard(
        days,
        _arms(cells),
        [*_by_visitor(cells), _learning_curve(tallies), _places(tallies)],
        pictures.coverage,
        most,
        least,
        [GrownFigure(is_grown, Rate(liked, shown)) for is_grown, shown, liked in pictures.grown],
        explain_change(tallies, before, days),
        explain_coverage(Coverage.objects.first(), settings.COVERAGE_MONTHLY),
        explain_pictures([picture.image for picture in (*most, *least)], kinds),
    )


def _rates(counted: Iterable[tuple[Any, int, int]]) -> dict[Any, Rate]:
    """Sums of hits and tries, by key."""
    hits, tries = Counter[Any](), Counter[Any]()
    for key, hit, tried in counted:
        hits[key] += hit
        tries[key] += tried
    return {key: Rate(hits[key], count) for key, count in tries.items()}


def _arms(cells: Cells) -> list[ArmFigure]:
    rates = _rates((arm, rate.hits, rate.tries) for (arm, _emotion, _group), rate in cells.items())
    baseline = rates.get(Arm.HOLDOUT.value, Rate(0, 0))
    return [
        ArmFigure(str(arm.label), rates[arm.value], None if arm is Arm.HOLDOUT else lift(rates[arm.value], baseline))
        for arm in SHOWN_ARMS
        if arm.value in rates
    ]


def _by_visitor(cells: Cells) -> Iterator[LearningChart]:
    """Like-rates by emotion, generation and gender, of the champion and of the hold-out."""
    unknown = (UNKNOWN, _("unknown"))
    columns = (_("visitors"), _("slates"), _("slates with a like"))
    charts: list[tuple[str, str, Sequence[tuple[str, Any]]]] = [
        ("emotion", _("Likes by emotion"), EMOTIONS),
        ("generation", _("Likes by generation"), [*GENERATIONS, unknown]),
        ("gender", _("Likes by gender"), [*GENDERS, unknown]),
    ]
    visitors = [((emotion, *group.split("/")), arm, rate) for (arm, emotion, group), rate in cells.items()]
    for number, (name, title, words) in enumerate(charts):
        rates = _rates(((traits[number], arm), rate.hits, rate.tries) for traits, arm, rate in visitors)
        series = _two_arms([word for word, _label in words], rates)
        yield LearningChart(name, title, columns, [str(label) for _word, label in words], series)


def _learning_curve(tallies: Iterable[DailyTally]) -> LearningChart:
    rates = _rates(
        ((tally.day, arm), liked, slates) for tally in tallies for arm, _emotion, _group, slates, liked in tally.slates
    )
    days = sorted({day for day, _arm in rates})
    arms = [arm for arm in SHOWN_ARMS if any(found == arm.value for _day, found in rates)]
    series = [LearningSeries(str(arm.label), [rates.get((day, arm.value), Rate(0, 0)) for day in days]) for arm in arms]
    columns = (_("day"), _("slates"), _("slates with a like"))
    return LearningChart("curve", _("Learning curve"), columns, [day.isoformat() for day in days], series, line=True)


def _places(tallies: Iterable[DailyTally]) -> LearningChart:
    rates = _rates(((place, arm), liked, shown) for tally in tallies for arm, place, shown, liked in tally.places)
    places = sorted({place for place, _arm in rates})
    columns = (pgettext("rank", "position"), _("shown"), pgettext("visitor", "liked"))
    labels = [str(place + 1) for place in places]
    return LearningChart("places", _("Likes by position"), columns, labels, _two_arms(places, rates))


def _two_arms(keys: Sequence[Any], rates: dict[Any, Rate]) -> list[LearningSeries]:
    return [
        LearningSeries(str(arm.label), [rates.get((key, arm.value), Rate(0, 0)) for key in keys])
        for arm in (Arm.CHAMPION, Arm.HOLDOUT)
    ]
