"""The sums of slates, counted anew a whole day at a time: counting a day twice changes nothing."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Max
from django.utils import timezone

from recommend.evaluation.log import SlateLog
from recommend.models import DailyTally, Slate

LATE = timedelta(hours=2)
"""How long after midnight yesterday may still change: answers come later than slates."""


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
        for place, is_liked in enumerate(slate.liked):
            shown[slate.arm, place] += 1
            taken[slate.arm, place] += is_liked
    sums = {
        "slates": [[*cell, count, liked[cell], likes[cell]] for cell, count in slates.items()],
        "places": [[*place, count, taken[place]] for place, count in shown.items()],
    }
    DailyTally.objects.update_or_create(day=day, defaults=sums)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
