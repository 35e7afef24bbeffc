"""Panels about who works: engines and their workers, curators and their decisions."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from curation.dashboard.figures import Figures
from curation.dashboard.panels import Panel, percent
from garden.charts import Chart, Series
from generation.models import GenerationJob, Slot, Worker

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
