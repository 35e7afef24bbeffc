"""Slates with their interactions, as the estimators need them, and the dashboard's daily sums."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Max
from django.utils import timezone

from garden.batches import batches
from garden.vocabulary import Orientation
from recommend.bandit.context import UNKNOWN
from recommend.models import DailyTally, Interaction, Slate
from recommend.models.slate import IMPRESSION_SECONDS

SLOTS = 3
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class LoggedSlate:
    """The first slots of one slate: keys, logged propensities, which were liked.

    A propensity is P(this picture in this slot | the slots before), nan if unknown. `person` is the visitor's
    id, or the slate's own without a visitor.
    """

    id: int
    person: str
    arm: str
    recommender: str
    group: str
    emotion: str
    favorite: str
    orientation: Orientation
    keys: tuple[str, ...]
    chances: tuple[float, ...]
    liked: tuple[bool, ...]
    shown_at: datetime

    @property
    def generation(self) -> str:
        return _known(self.group.partition("/")[0])

    @property
    def gender(self) -> str:
        return _known(self.group.partition("/")[2])


@dataclass(slots=True)
class SlateLog:
    """Reads slates, newest first, and counts unusable ones by reason.

    A visit's first slate without interactions within IMPRESSION_SECONDS was shown and not liked, as is one of which
    only later pictures were answered. An unknown orientation is the most frequent one of the kiosk's answered slates
    (`_shown`).
    """

    since: datetime | None = None
    until: datetime | None = None
    slots: int = SLOTS
    left_out: Counter[str] = field(default_factory=Counter)
    _shown: defaultdict[int | None, Counter[Orientation]] = field(default_factory=lambda: defaultdict(Counter))

    def rows(self) -> models.QuerySet[Slate]:
        slates = Slate.objects.order_by("-created_at", "pk")
        slates = slates.filter(created_at__gte=self.since) if self.since else slates
        return slates.filter(created_at__lt=self.until) if self.until else slates

    def read(self, rows: Iterable[Slate] | None = None) -> Iterator[LoggedSlate]:
        """Shown slates. `rows` may wrap `rows()`, to show progress or stop early."""
        source = self.rows().iterator(chunk_size=_CHUNK) if rows is None else rows
        left = timezone.now() - timedelta(seconds=IMPRESSION_SECONDS)
        for chunk in batches(source, _CHUNK):
            answers = _answers_to(chunk)
            answered = {slate.pk: self._answered(slate, answers[slate.pk]) for slate in chunk if answers[slate.pk]}
            for slate in chunk:
                orientation = answered[slate.pk] if slate.pk in answered else self._unanswered(slate, left)
                if orientation is not None:
                    yield _logged(slate, orientation, self._slots(slate, orientation), answers[slate.pk])

    def _slots(self, slate: Slate, orientation: Orientation) -> Sequence[Sequence[object]]:
        slots: Sequence[Sequence[object]] = getattr(slate, orientation)[: self.slots]
        return slots

    def _answered(self, slate: Slate, answers: Sequence[Interaction]) -> Orientation | None:
        """The orientation of the pictures that were answered."""
        touched = {key for row in answers for key in (*row.impression, row.item_key) if key}
        for orientation in Orientation:
            if touched & {key for key, _ in getattr(slate, orientation)}:
                self._shown[slate.kiosk_id][orientation] += 1
                return orientation
        return self._usual(slate)

    def _unanswered(self, slate: Slate, left: datetime) -> Orientation | None:
        """The kiosk's usual orientation.

        None, counted, if an interaction may follow, it has no pictures, or it was asked for and not shown.
        """
        if slate.follows is not None:
            self.left_out["asked for and not shown"] += 1
            return None
        if slate.created_at >= left:
            self.left_out["not answered yet"] += 1
            return None
        return self._usual(slate)

    def _usual(self, slate: Slate) -> Orientation | None:
        usual = self._shown[slate.kiosk_id] or sum(self._shown.values(), Counter[Orientation]())
        there = [side for side in Orientation if self._slots(slate, side)]
        if not there:
            self.left_out["no pictures"] += 1
        return max(there, key=lambda side: usual[side], default=None)


def _answers_to(slates: Sequence[Slate]) -> dict[object, list[Interaction]]:
    answers = defaultdict(list)
    for row in Interaction.objects.filter(slate__in=[slate.pk for slate in slates]).order_by("id"):
        answers[row.slate_id].append(row)
    return answers  # type: ignore[return-value]


def _logged(
    slate: Slate, orientation: Orientation, slots: Sequence[Sequence[object]], answers: Sequence[Interaction]
) -> LoggedSlate:
    taken_back = {row.takes_back_id for row in answers}
    liked = {row.item_key for row in answers if row.kind == Interaction.Kind.LIKE and row.pk not in taken_back}
    keys = tuple(str(key) for key, _ in slots)
    return LoggedSlate(
        id=slate.pk.int,
        person=slate.visitor_id or str(slate.pk),
        arm=slate.arm,
        recommender=slate.recommender,
        group=slate.group,
        emotion=slate.emotion,
        favorite=slate.favorite,
        orientation=orientation,
        keys=keys,
        chances=tuple(float("nan") if chance is None else float(str(chance)) for _, chance in slots),
        liked=tuple(key in liked for key in keys),
        shown_at=slate.created_at,
    )


def _known(word: str) -> str:
    return "" if word == UNKNOWN else word


LATE = timedelta(hours=2)
"""How long after midnight yesterday's sums may still change: interactions follow slates."""


def tally_days() -> list[date]:
    """Count today, yesterday for a while, and days missed since the last time; returns the days, oldest first."""
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
    slates, liked = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    shown, taken = Counter[tuple[str, int]](), Counter[tuple[str, int]]()
    for slate in SlateLog(_midnight(day), _midnight(day + timedelta(days=1))).read():
        cell = (slate.arm, slate.emotion, slate.group)
        slates[cell] += 1
        liked[cell] += any(slate.liked)
        for place, is_liked in enumerate(slate.liked):
            shown[slate.arm, place] += 1
            taken[slate.arm, place] += is_liked
    sums = {
        "slates": [[*cell, count, liked[cell]] for cell, count in slates.items()],
        "places": [[*place, count, taken[place]] for place, count in shown.items()],
    }
    DailyTally.objects.update_or_create(day=day, defaults=sums)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
