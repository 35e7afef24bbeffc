"""Sums that the dashboard reads instead of the rows they are of; a worker makes them anew, they are never edited."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from garden.models import Image
from garden.models.choices import EMOTIONS
from recommend.models.arm import Arm


class DailyTally(models.Model):
    """Shown slates of one day, arm, emotion and visitor group: how many, in how many something was liked, likes."""

    day = models.DateField(_("day"))
    arm = models.CharField(_("served by"), max_length=16, choices=Arm)
    emotion = models.CharField(_("emotion"), max_length=16, choices=EMOTIONS)
    group = models.CharField(_("visitor group"), max_length=32)
    slates = models.PositiveIntegerField(_("slates"))
    liked = models.PositiveIntegerField(_("slates with a like"))
    likes = models.PositiveIntegerField(_("likes"))

    class Meta:
        verbose_name = _("recommendation dashboard")
        verbose_name_plural = _("recommendation dashboard")
        constraints = [
            models.UniqueConstraint(fields=["day", "arm", "emotion", "group"], name="daily_tally_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.arm} {self.emotion} {self.group}: {self.liked}/{self.slates}"


class PlaceTally(models.Model):
    """Pictures of one day and arm in one place of a slate (0: the first): how many were shown and liked there."""

    day = models.DateField(_("day"))
    arm = models.CharField(_("served by"), max_length=16, choices=Arm)
    place = models.PositiveSmallIntegerField(pgettext_lazy("rank", "place"))
    shown = models.PositiveIntegerField(_("shown"))
    liked = models.PositiveIntegerField(pgettext_lazy("visitor", "liked"))

    class Meta:
        verbose_name = _("likes by place")
        verbose_name_plural = _("likes by place")
        constraints = [models.UniqueConstraint(fields=["day", "arm", "place"], name="place_tally_is_one")]

    def __str__(self) -> str:
        return f"{self.day} {self.arm} {self.place}: {self.liked}/{self.shown}"


class CoverageTally(models.Model):
    """Serving pictures of one emotion now: how many, how many were ever shown; the same of those published lately."""

    emotion = models.CharField(_("emotion"), max_length=16, choices=EMOTIONS, primary_key=True)
    pictures = models.PositiveIntegerField(_("pictures"))
    shown = models.PositiveIntegerField(_("shown"))
    fresh = models.PositiveIntegerField(_("new pictures"))
    fresh_shown = models.PositiveIntegerField(_("new pictures shown"))

    class Meta:
        verbose_name = _("coverage")
        verbose_name_plural = _("coverage")

    def __str__(self) -> str:
        return f"{self.emotion}: {self.shown}/{self.pictures}"


class RankedPicture(models.Model):
    """One of the most or least liked serving pictures, by the bound that its likes are surely above or below."""

    class List(models.TextChoices):
        MOST = "most", _("most liked")
        LEAST = "least", _("least liked")

    LENGTH: ClassVar[int] = 10

    list = models.CharField(_("list"), max_length=8, choices=List)
    place = models.PositiveSmallIntegerField(pgettext_lazy("rank", "place"))
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="+", verbose_name=_("image"))
    shown = models.PositiveIntegerField(_("shown"))
    liked = models.PositiveIntegerField(pgettext_lazy("visitor", "liked"))

    class Meta:
        verbose_name = _("ranked picture")
        verbose_name_plural = _("ranked pictures")
        ordering = ["list", "place"]
        constraints = [models.UniqueConstraint(fields=["list", "place"], name="ranked_picture_place_is_one")]

    def __str__(self) -> str:
        return f"{self.list} {self.place}: {self.liked}/{self.shown}"
