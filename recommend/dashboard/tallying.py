"""The sums of slates made anew, a whole day at a time: counting a day twice changes nothing."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from recommend.evaluation.log import LoggedSlate, SlateLog
from recommend.models import DailyTally, PlaceTally, Slate

LATE = timedelta(hours=2)
"""How long after midnight yesterday may still change: answers come later than slates."""

_BATCH = 500


def tally_days() -> list[date]:
    """Count today, yesterday for a while, and what was missed since the last time; returns the days, oldest first."""
    days = list(_due())
    for day in days:
        tally_day(day)
    return days


def _due() -> Iterator[date]:
    today = timezone.localdate()
    begin = DailyTally.objects.aggregate(last=Max("day"))["last"] or _first_day() or today
    if timezone.localtime() - _midnight(today) < LATE:
        begin = min(begin, today - timedelta(days=1))
    yield from (begin + timedelta(days=number) for number in range((today - begin).days + 1))


def _first_day() -> date | None:
    first = Slate.objects.order_by("created_at").values_list("created_at", flat=True).first()
    return timezone.localtime(first).date() if first else None


def tally_day(day: date) -> None:
    """Replace the sums of one day, in the site's time zone."""
    slates, liked, likes = Counter[tuple[str, ...]](), Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    shown, taken = Counter[tuple[str, int]](), Counter[tuple[str, int]]()
    for slate in SlateLog(_midnight(day), _midnight(day + timedelta(days=1))).read():
        cell = (slate.arm, slate.emotion, slate.group)
        slates[cell] += 1
        liked[cell] += any(slate.liked)
        likes[cell] += sum(slate.liked)
        _count_places(slate, shown, taken)
    days = [
        DailyTally(day=day, arm=arm, emotion=emotion, group=group, slates=count, liked=liked[cell], likes=likes[cell])
        for cell, count in slates.items()
        for arm, emotion, group in (cell,)
    ]
    places = [
        PlaceTally(day=day, arm=arm, place=place, shown=count, liked=taken[arm, place])
        for (arm, place), count in shown.items()
    ]
    _replace(day, days, places)


def _count_places(slate: LoggedSlate, shown: Counter[tuple[str, int]], liked: Counter[tuple[str, int]]) -> None:
    for place, taken in enumerate(slate.liked):
        shown[slate.arm, place] += 1
        liked[slate.arm, place] += taken


@transaction.atomic
def _replace(day: date, days: list[DailyTally], places: list[PlaceTally]) -> None:
    DailyTally.objects.filter(day=day).delete()
    PlaceTally.objects.filter(day=day).delete()
    DailyTally.objects.bulk_create(days, batch_size=_BATCH)
    PlaceTally.objects.bulk_create(places, batch_size=_BATCH)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
