"""Which serving pictures visitors have not seen often enough lately, by `COVERAGE_MONTHLY`."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

_ONLY = 1
DAYS = 27
"""A picture that was shown often enough in so many days has three more before 30 are over."""


class Coverage(models.Model):
    """One row, counted again every hour while `COVERAGE_MONTHLY` is set.

    `behind`: ids of serving pictures that were shown less often, the least shown first, cut at MOST_BEHIND; `missing`:
    how many showings all of them miss; `behind_shown` and `behind_liked`: their counts since publication. `shown` and
    `liked`: counts of all pictures in the last DAYS days.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=_ONLY, editable=False)
    pictures = models.PositiveIntegerField(_("published pictures"))
    behind = models.JSONField(_("pictures shown too rarely"), default=list)
    covered = models.PositiveIntegerField(_("pictures shown often enough"))
    missing = models.PositiveBigIntegerField(_("missing impressions"))
    behind_shown = models.PositiveBigIntegerField(_("impressions of pictures shown too rarely"))
    behind_liked = models.PositiveBigIntegerField(_("likes of pictures shown too rarely"))
    shown = models.PositiveBigIntegerField(_("impressions lately"))
    liked = models.PositiveBigIntegerField(_("likes lately"))

    class Meta:
        verbose_name = _("coverage")
        verbose_name_plural = _("coverage")
        constraints = [models.CheckConstraint(name="coverage_is_one", condition=Q(id=_ONLY))]

    def __str__(self) -> str:
        return f"{self.covered} of {self.pictures}"

    @property
    def cost(self) -> float:
        """Likes an impression that are lost if the missing impressions are made up for within DAYS days."""
        if not (self.shown and self.behind_shown):
            return 0.0
        lost = self.liked / self.shown - self.behind_liked / self.behind_shown
        return max(lost, 0.0) * min(self.missing / self.shown, 1.0)

    @property
    def share(self) -> float:
        """The part of all places that closes the gap within a day: 0 without one, 1 where a day is too short."""
        a_day = self.shown / DAYS
        return min(self.missing / a_day, 1.0) if a_day else float(self.missing > 0)
