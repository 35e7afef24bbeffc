"""Panels about who works: engines and their workers, curators and their decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from curation.dashboard.figures import Figures
from curation.dashboard.panels import Chart, Panel, Series, percent
from generation.models import GenerationJob, Slot, Worker

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class EngineQueue:
    """One engine: pictures waiting and being made, since when the oldest waits, and what was made in the last hour."""

    engine: str
    waiting: int
    paused: int
    being_made: int
    oldest: datetime | None
    made: int
    workers: int


def read_queues() -> list[EngineQueue]:
    """Every engine with something open, something made in the last hour, or a worker online."""
    waiting = Slot.objects.filter(state=Slot.State.QUEUED)
    queued, being_made = _by_engine(waiting), _by_engine(Slot.objects.leased())
    paused = _by_engine(Slot.objects.filter(job__control=GenerationJob.Control.PAUSED, state=Slot.State.PAUSED))
    oldest = dict(waiting.order_by().values_list("engine").annotate(Min("job__created_at")))
    made = _by_engine(Slot.objects.filter(state=Slot.State.DONE, finished_at__gte=timezone.now() - HOUR))
    online = _workers()
    return [
        EngineQueue(
            engine=engine,
            waiting=queued.get(engine, 0),
            paused=paused.get(engine, 0),
            being_made=being_made.get(engine, 0),
            oldest=oldest.get(engine),
            made=made.get(engine, 0),
            workers=online.get(engine, 0),
        )
        for engine in sorted({*queued, *being_made, *paused, *made, *online})
    ]


def workers_online() -> list[Worker]:
    return list(Worker.objects.online().order_by("name"))


def _by_engine(slots: QuerySet[Slot]) -> dict[str, int]:
    return dict(slots.order_by().values_list("engine").annotate(Count("pk")))


def _workers() -> dict[str, int]:
    counts: dict[str, int] = {}
    for engines in Worker.objects.online().values_list("engines", flat=True):
        for engine in engines:
            counts[engine] = counts.get(engine, 0) + 1
    return counts


def work_panels() -> list[Panel]:
    queues, workers = read_queues(), workers_online()
    columns = [_("Waiting"), _("Paused"), _("Being made"), _("Oldest waits for"), _("Made in the last hour")]
    return [
        Panel(
            name="queue",
            title=_("Queue"),
            columns=[_("Engine"), *columns, _("Workers online")],
            rows=[_row(queue) for queue in queues],
            sentences=[_sentence(queue) for queue in queues] or [_("Nothing waits, and no worker is online.")],
            chart=Chart(
                labels=[queue.engine for queue in queues],
                series=[
                    Series(_("Waiting"), [queue.waiting for queue in queues]),
                    Series(_("Being made"), [queue.being_made for queue in queues], tone=1),
                    Series(_("Made in the last hour"), [queue.made for queue in queues], tone=2),
                ],
            ),
        ),
        Panel(
            name="workers",
            title=_("Workers online"),
            columns=[_("Worker"), _("Device"), _("Model"), _("Seconds per picture"), _("Pictures made")],
            rows=[
                [worker.name, worker.device, worker.model, _seconds(worker.seconds_per_picture), worker.pictures_made]
                for worker in workers
            ],
        ),
    ]


def decision_panels(figures: Figures) -> list[Panel]:
    told = figures.data
    agreement = [
        [one, other, pictures, percent(share), _kappa(kappa)]
        for one, other, pictures, share, kappa in told["agreement"]
    ]
    return [
        _decisions("days", _("Decisions a day"), _("Day"), told["days"], "SHORT_DATE_FORMAT", figures),
        _decisions("hours", _("Decisions an hour"), _("Hour"), told["hours"], "H:i", figures),
        Panel(
            name="agreement",
            title=_("Agreement of curators"),
            columns=[_("One"), _("Other"), _("Pictures"), _("Agree"), _("Kappa")],
            rows=agreement,
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
    labels = {period: _date(period, pattern) for period in periods}
    somebody = _("somebody who left")
    return Panel(
        name=f"decisions-{name}",
        title=title,
        columns=[what, _("Curator"), _("Decisions")],
        rows=[[labels[period], curator or somebody, count] for curator, period, count in counts],
        chart=Chart(
            labels=[labels[period] for period in periods],
            series=[
                Series(curator or somebody, [found.get((curator, period), 0) for period in periods], tone=tone)
                for tone, curator in enumerate(curators)
            ],
            stacked=True,
        ),
        counted_at=figures.computed_at,
    )


def _row(queue: EngineQueue) -> list[Any]:
    waits = timesince(queue.oldest) if queue.oldest else "–"
    return [queue.engine, queue.waiting, queue.paused, queue.being_made, waits, queue.made, queue.workers]


def _sentence(queue: EngineQueue) -> str:
    told = {"engine": queue.engine, "waiting": queue.waiting, "workers": queue.workers, "made": queue.made}
    return _("%(engine)s: %(waiting)d waiting, %(made)d made in the last hour, workers online: %(workers)d") % told


def _date(period: str, pattern: str) -> str:
    return date_format(timezone.localtime(datetime.fromisoformat(period)), pattern)


def _seconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.1f}"


def _kappa(kappa: float | None) -> str:
    return "–" if kappa is None else f"{kappa:.2f}"
