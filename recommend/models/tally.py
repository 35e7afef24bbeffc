"""Sums that the dashboard reads instead of the slates they are of, which are deleted earlier."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DailyTally(models.Model):
    """Shown slates of one day; a worker counts them anew while they may change.

    `slates` has rows `[arm, emotion, visitor group, slates, slates with a like, likes]`, `places` has rows
    `[arm, place in the slate (0: the first), pictures shown there, pictures liked]`.
    """

    day = models.DateField(_("day"), primary_key=True)
    slates = models.JSONField(_("slates"), default=list)
    places = models.JSONField(_("likes by place"), default=list)

    class Meta:
        verbose_name = _("recommendation dashboard")
        verbose_name_plural = _("recommendation dashboard")

    def __str__(self) -> str:
        return self.day.isoformat()
