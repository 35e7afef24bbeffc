"""Panels about who works: engines and their workers, curators and their decisions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from curation.dashboard.panels import Chart, Panel, Series, percent
from curation.dashboard.work import EngineQueue, read_queues, workers_online
from curation.models import Figures


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
