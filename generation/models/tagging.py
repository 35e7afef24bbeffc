"""The tag vocabulary, and tags read from pictures."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from generation.models.job import Slot
from generation.models.retouch import Canvas, Version
from generation.retouch.settings import Crop


class TagKind(models.TextChoices):
    MOOD = "mood", pgettext_lazy("tag", "mood")
    SUBJECT = "subject", _("subject")
    PLANT = "plant", _("plant")
    PLACE = "place", pgettext_lazy("tag", "place")
    SEASON = "season", _("season")
    WEATHER = "weather", _("weather")
    TIME = "time", _("time of day")
    COLOUR = "colour", _("colour")
    STYLE = "style", _("style")


class TagWordQuerySet(models.QuerySet["TagWord"]):
    def active(self) -> Self:
        return self.filter(active=True)

    def beginning(self, text: str) -> Self:
        """Words with this prefix."""
        return self.active().filter(text__istartswith=text).order_by("text")


class TagWord(models.Model):
    Kind = TagKind

    text = models.CharField(_("word"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=TagKind)
    active = models.BooleanField(_("in use"), default=True)

    objects = TagWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag word")
        verbose_name_plural = _("tag words")
        ordering = ["kind", "text"]
        constraints = [
            models.CheckConstraint(name="tagword_kind_known", condition=Q(kind__in=TagKind.values)),
            models.CheckConstraint(name="tagword_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text


class TagReading(models.Model):
    """Tags of a picture, or of a part of it."""

    id = models.UUIDField(_("id"), primary_key=True, default=uuid.uuid4, editable=False)
    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="readings", verbose_name=_("canvas"))
    version = models.ForeignKey(
        Version, on_delete=models.CASCADE, null=True, blank=True, related_name="readings", verbose_name=_("version")
    )
    x = models.PositiveIntegerField(_("left (px)"))
    y = models.PositiveIntegerField(_("top (px)"))
    width = models.PositiveIntegerField(_("width (px)"))
    height = models.PositiveIntegerField(_("height (px)"))
    tagger = models.CharField(_("tagger"), max_length=255, blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    slot = models.OneToOneField(
        Slot, on_delete=models.SET_NULL, null=True, blank=True, related_name="reading", verbose_name=_("slot")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    created_at = models.DateTimeField(_("requested"), default=timezone.now)
    done_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("tag reading")
        verbose_name_plural = _("tag readings")

    def __str__(self) -> str:
        return f"{self.canvas_id} ({len(self.tags)})"

    @property
    def crop(self) -> Crop:
        return Crop(self.x, self.y, self.width, self.height)

    @property
    def state(self) -> str:
        if self.done_at is not None:
            return Slot.State.DONE
        return self.slot.state if self.slot else Slot.State.CANCELLED
