"""What the page shows of the figures: a plot, and the same as a table. Words are those of the reader's language."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from curation.dashboard.figures import SEED_RANGES, SEED_SPACE, Figures, count_without_emotion, read_stock
from garden.charts import Chart, Series
from garden.models.choices import EMOTIONS, ORIENTATIONS
from generation.models import GenerationJob, PromptTemplate, Slot, Worker


@dataclass(frozen=True, slots=True)
class Panel:
    """`sentences` say what matters; the table has all of it."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    chart: Chart | None = None
    sentences: Sequence[str] = ()
    hint: str = ""
    counted_at: datetime | None = None
    link: tuple[str, str] | None = None


def share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


MOST_BARS = 20
LABEL_LETTERS = 48


def stock_panel(figures: Figures) -> Panel:
    stock = read_stock(figures.data)
    names, sides = {key: str(name) for key, name in EMOTIONS}, {key: str(name) for key, name in ORIENTATIONS}
    gaps = [
        f"{names[s.emotion]} {sides[s.orientation]}: {_('%d of %d') % (s.serving, s.target)}" for s in stock if s.gap
    ]
    without = count_without_emotion(figures.data)
    waiting = ngettext("%d picture of the pool has no emotion.", "%d pictures of the pool have no emotion.", without)
    columns = [_("Emotion"), _("Orientation"), _("Target"), _("Serving"), _("Missing"), _("Liked in the pool")]
    return Panel(
        name="stock",
        title=_("Pictures and gaps"),
        sentences=[*gaps, *([waiting % without] if without else [])] or [_("No garden lacks pictures.")],
        columns=[*columns, _("Pool"), _("Shelved"), _("Trash")],
        rows=[
            [names[s.emotion], sides[s.orientation], s.target, s.serving, s.gap, s.ready, s.pool, s.shelved, s.trash]
            for s in stock
        ],
        chart=Chart(
            labels=[f"{names[s.emotion]} {sides[s.orientation]}" for s in stock],
            series=[
                Series(_("Serving"), [s.serving for s in stock], moods=[s.emotion for s in stock]),
                Series(_("Liked in the pool"), [s.ready for s in stock], tone="2"),
                Series(_("Missing then"), [max(s.gap - s.ready, 0) for s in stock], tone="missing"),
            ],
            stacked=True,
        ),
        counted_at=figures.computed_at,
        link=(reverse("admin:curation_garden_changelist"), _("Change targets")),
    )


def keeping_panels(figures: Figures) -> list[Panel]:
    data, counted_at = figures.data, figures.computed_at
    templates = {template.pk: str(template) for template in PromptTemplate.objects.all()}
    hint = _("Of the newest %(pictures)d decided pictures %(kept)d were kept.") % data
    by_template = [[templates.get(pk, _("deleted template")), *counts] for pk, *counts in data["template"]]
    seeds = [[f"{_seed(at)} – {_seed(at + 1)}", *counts] for at, *counts in data["seed"]]
    return [
        _keeping("template", _("Kept, by template"), _("Template"), by_template, counted_at, hint),
        _keeping("word", _("Kept, by word of the prompt"), _("Word"), data["word"], counted_at, hint),
        _keeping("model", _("Kept, by model"), _("Model"), data["model"], counted_at, hint),
        _keeping("seed", _("Kept, by range of seeds"), _("Seeds"), seeds, counted_at, hint),
    ]


def like_panels(figures: Figures) -> list[Panel]:
    names = {key: str(name) for key, name in EMOTIONS}
    emotions = [row for row in figures.data["emotions"] if row[0] in names]
    images = figures.data["images"]
    columns = [_("Shown"), _("Liked"), _("Like-rate")]
    return [
        Panel(
            name="likes",
            title=_("Likes, by emotion"),
            columns=[_("Emotion"), *columns],
            rows=[[names[emotion], *_rated(shown, liked)] for emotion, shown, liked in emotions],
            chart=Chart(
                labels=[names[emotion] for emotion, _shown, _liked in emotions],
                series=[
                    Series(
                        _("Like-rate"), [share(liked, shown) for _e, shown, liked in emotions], [e[0] for e in emotions]
                    )
                ],
                percent=True,
            ),
            counted_at=figures.computed_at,
        ),
        Panel(
            name="best-liked",
            title=_("Best-liked pictures"),
            columns=[_("Picture"), *columns],
            rows=[[key, *_rated(shown, liked)] for key, shown, liked in images],
            hint=_("Of those shown ten times or more."),
            counted_at=figures.computed_at,
        ),
    ]


def _keeping(name: str, title: str, what: str, rows: Sequence[Sequence[Any]], at: Any, hint: str) -> Panel:
    shown = rows[:MOST_BARS]
    return Panel(
        name=f"kept-by-{name}",
        title=title,
        columns=[what, _("Decided"), _("Kept"), _("Keep-rate")],
        rows=[[label, decided, kept, percent(share(kept, decided))] for label, decided, kept in rows],
        chart=Chart(
            labels=[Truncator(label).chars(LABEL_LETTERS) for label, *_counts in shown],
            series=[Series(_("Keep-rate"), [share(kept, decided) for _label, decided, kept in shown])],
            percent=True,
        ),
        hint=hint,
        counted_at=at,
    )


def _rated(shown: int, liked: int) -> list[Any]:
    return [shown, liked, percent(share(liked, shown))]


def _seed(at: int) -> str:
    return f"{at * SEED_SPACE // SEED_RANGES:,}"


HOUR = timedelta(hours=1)
TONES = 6
"""Colours of curators in a chart."""


class EngineQueue(NamedTuple):
    """Pictures of one engine; the time of its oldest job that waits; pictures made in the last hour."""

    engine: str
    waiting: int
    paused: int
    being_made: int
    oldest: datetime | None
    made: int
    workers: int


def read_queues(workers: Iterable[Worker]) -> list[EngineQueue]:
    """Every engine with something open, something made in the last hour, or a worker online."""
    queued = Slot.objects.filter(state=Slot.State.QUEUED)
    waiting, being_made = _by_engine(queued), _by_engine(Slot.objects.leased())
    paused = _by_engine(Slot.objects.filter(job__control=GenerationJob.Control.PAUSED, state=Slot.State.PAUSED))
    oldest = dict(queued.order_by().values_list("engine").annotate(Min("job__created_at")))
    made = _by_engine(Slot.objects.filter(state=Slot.State.DONE, finished_at__gte=timezone.now() - HOUR))
    online = Counter(engine for worker in workers for engine in worker.engines)
    return [
        EngineQueue(
            *(engine, waiting[engine], paused[engine], being_made[engine]),
            *(oldest.get(engine), made[engine], online[engine]),
        )
        for engine in sorted({*waiting, *being_made, *paused, *made, *online})
    ]


def _by_engine(slots: QuerySet[Slot]) -> Counter[str]:
    return Counter(dict(slots.order_by().values_list("engine").annotate(Count("pk"))))


def work_panels() -> list[Panel]:
    workers = list(Worker.objects.online().order_by("name"))
    queues = read_queues(workers)
    columns = [_("Waiting"), _("Paused"), _("Being made"), _("Oldest waiting for"), _("Made in the last hour")]
    sentence = _("%(engine)s: %(waiting)d waiting, %(made)d made in the last hour, workers online: %(workers)d")
    return [
        Panel(
            name="queue",
            title=_("Queue"),
            columns=[_("Engine"), *columns, _("Workers online")],
            rows=[[*queue[:4], timesince(queue.oldest) if queue.oldest else "–", *queue[5:]] for queue in queues],
            sentences=[sentence % queue._asdict() for queue in queues]
            or [_("Nothing waits, and no worker is online.")],
            chart=Chart(
                labels=[queue.engine for queue in queues],
                series=[
                    Series(_("Waiting"), [queue.waiting for queue in queues]),
                    Series(_("Being made"), [queue.being_made for queue in queues], tone="1"),
                    Series(_("Made in the last hour"), [queue.made for queue in queues], tone="2"),
                ],
            ),
        ),
        Panel(
            name="workers",
            title=_("Workers online"),
            columns=[_("Worker"), _("Device"), _("Model"), _("Seconds per picture"), _("Pictures made")],
            rows=[[w.name, w.device, w.model, _rounded(w.seconds_per_picture, 1), w.pictures_made] for w in workers],
        ),
    ]


def decision_panels(figures: Figures) -> list[Panel]:
    data = figures.data
    return [
        _decisions("days", _("Decisions a day"), _("Day"), data["days"], "SHORT_DATE_FORMAT", figures),
        _decisions("hours", _("Decisions an hour"), _("Hour"), data["hours"], "H:i", figures),
        Panel(
            name="agreement",
            title=_("Agreement of curators"),
            columns=[_("One"), _("Other"), _("Pictures"), _("Agree"), _("Kappa")],
            rows=[
                [one, other, pictures, percent(share), _rounded(kappa, 2)]
                for one, other, pictures, share, kappa in data["agreement"]
            ],
            hint=_("Kappa: 1 is always agreed, 0 no more than by chance."),
            counted_at=figures.computed_at,
        ),
    ]


def _decisions(
    name: str, title: str, what: str, counts: Sequence[Sequence[Any]], pattern: str, figures: Figures
) -> Panel:
    """A bar for each period, made of the curators' parts."""
    periods = sorted({period for _curator, period, _count in counts})
    curators = sorted({curator for curator, _period, _count in counts})
    found = {(curator, period): count for curator, period, count in counts}
    labels = {period: date_format(timezone.localtime(datetime.fromisoformat(period)), pattern) for period in periods}
    unknown = _("deleted user")
    return Panel(
        name=f"decisions-{name}",
        title=title,
        columns=[what, _("Curator"), _("Decisions")],
        rows=[[labels[period], curator or unknown, count] for curator, period, count in counts],
        chart=Chart(
            labels=[labels[period] for period in periods],
            series=[
                Series(
                    curator or unknown, [found.get((curator, period), 0) for period in periods], tone=str(tone % TONES)
                )
                for tone, curator in enumerate(curators)
            ],
            stacked=True,
        ),
        counted_at=figures.computed_at,
    )


def _rounded(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
