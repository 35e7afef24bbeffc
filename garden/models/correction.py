"""What visitors say when the kiosk asks whether its guess is right: counts of weeks, of nobody."""

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.models.choices import EMOTIONS, READERS
from garden.vocabulary import Reader


class GuessCountQuerySet(models.QuerySet["GuessCount"]):
    def note(self, *, guessed: str, said: str, reader: str = Reader.SERVER) -> None:
        """One more visitor whose face was read as `guessed` by this reader and who said `said`."""
        week = _monday(timezone.localdate())
        answer: dict[str, Any] = {"week": week, "guessed": guessed, "said": said, "reader": reader}
        self.get_or_create(**answer)
        self.filter(**answer).update(count=F("count") + 1)

    def asked_and_corrected(self, weeks: int, reader: str = Reader.SERVER) -> tuple[int, int]:
        """How many visitors of this reader answered in this week and those before it, and how many said otherwise."""
        since = _monday(timezone.localdate()) - timedelta(weeks=weeks - 1)
        corrected = Sum("count", filter=~Q(guessed=F("said")), default=0)
        sums = self.filter(week__gte=since, reader=reader).aggregate(asked=Sum("count", default=0), corrected=corrected)
        return sums["asked"], sums["corrected"]


class GuessCount(models.Model):
    """Weeks, not days, and no kiosk: a count of one must not lead to a person."""

    week = models.DateField(_("week"))
    guessed = models.CharField(_("guessed"), max_length=16, choices=EMOTIONS)
    said = models.CharField(_("said"), max_length=16, choices=EMOTIONS)
    reader = models.CharField(
        _("read by"), max_length=16, choices=READERS, default=Reader.SERVER.value, db_default=Reader.SERVER.value
    )
    count = models.PositiveIntegerField(_("count"), default=0)

    objects = GuessCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("answers to a guess")
        verbose_name_plural = _("answers to guesses")
        constraints = [models.UniqueConstraint(name="guess_count_once", fields=["week", "guessed", "said", "reader"])]

    def __str__(self) -> str:
        return f"{self.week} {self.guessed} {self.said}"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
