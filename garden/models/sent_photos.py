"""How many photos a face service was sent: a count a day, of nobody."""

from django.db import models
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SentPhotosQuerySet(models.QuerySet["SentPhotos"]):
    """Days are the site's (TIME_ZONE)."""

    def take(self, service: str, *, most: int | None) -> bool:
        """Count one more today, unless there are `most`: one statement, so that no two processes take the last one."""
        today, _made = self.get_or_create(service=service, day=timezone.localdate())
        row = self.filter(pk=today.pk) if most is None else self.filter(pk=today.pk, count__lt=most)
        return bool(row.update(count=F("count") + 1))

    def give_back(self, service: str) -> None:
        self.filter(service=service, day=timezone.localdate(), count__gt=0).update(count=F("count") - 1)

    def today(self, service: str) -> int:
        return self._sum(self.filter(service=service, day=timezone.localdate()))

    def this_month(self, service: str) -> int:
        return self._sum(self.filter(service=service, day__gte=timezone.localdate().replace(day=1)))

    def _sum(self, rows: "SentPhotosQuerySet") -> int:
        return int(rows.aggregate(sum=Sum("count", default=0))["sum"])


class SentPhotos(models.Model):
    service = models.CharField(_("service"), max_length=32)
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("count"), default=0)

    objects = SentPhotosQuerySet.as_manager()

    class Meta:
        verbose_name = _("photos sent to a face service")
        verbose_name_plural = _("photos sent to face services")
        constraints = [models.UniqueConstraint(name="sent_photos_once", fields=["service", "day"])]

    def __str__(self) -> str:
        return f"{self.service} {self.day}"
