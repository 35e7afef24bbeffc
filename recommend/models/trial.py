"""A challenger's trial against the champion: when, by whom and why it was started and stopped."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

GUARD = "guard rail"
BY_MAX_LENGTH = 150


class TrialQuerySet(models.QuerySet["Trial"]):
    def running(self) -> Self:
        return self.filter(stopped_at__isnull=True)

    def stop(self, *, by: str, because: str) -> int:
        """Stop those of these that are running. Returns how many."""
        return self.running().update(stopped_at=timezone.now(), stopped_by=by, stopped_because=because)


class Trial(models.Model):
    """At most one runs. `share` of the visitors are served by the `challenger`, a settings entry as JSON."""

    challenger = models.JSONField(_("challenger"))
    champion = models.JSONField(_("champion"))
    share = models.FloatField(_("share of visitors"))
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    started_by = models.CharField(_("started by"), max_length=BY_MAX_LENGTH)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    stopped_by = models.CharField(_("stopped by"), max_length=BY_MAX_LENGTH, blank=True)
    stopped_because = models.TextField(_("reason"), blank=True)

    objects = TrialQuerySet.as_manager()

    class Meta:
        verbose_name = _("trial")
        verbose_name_plural = _("trials")
        constraints = [
            models.UniqueConstraint(models.Value(1), condition=Q(stopped_at__isnull=True), name="trial_only_one_runs"),
            models.CheckConstraint(name="trial_share_is_a_share", condition=Q(share__gt=0, share__lte=1)),
            models.CheckConstraint(
                name="trial_stopped_says_who_and_why",
                condition=Q(stopped_at__isnull=True) | (~Q(stopped_by="") & ~Q(stopped_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.challenger.get('BACKEND')} · {self.started_at:%Y-%m-%d %H:%M}"
