"""The log of what was shown, in which order and with which propensity: it makes policies comparable."""

import uuid
from itertools import zip_longest
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.models import Kiosk, Visitor
from garden.models.choices import EMOTIONS
from garden.vocabulary import Orientation
from recommend.backends.base import RankedImages, Ranking


class Arm(models.TextChoices):
    CHAMPION = "champion", _("champion")
    CHALLENGER = "challenger", _("challenger")
    HOLDOUT = "holdout", _("random hold-out")


LOGGED_DEPTH = 24
IMPRESSION_SECONDS = 1_800
"""For so long after a slate was shown an interaction may follow; after that, nothing of it was liked."""
FAVORITE_MAX_LENGTH = 255
ZONE_MAX_LENGTH = 200


class Slate(models.Model):
    """One response of `/garden`; its id is the `recommendationId`.

    `landscape` and `portrait` are lists of `[key, propensity]` of the first LOGGED_DEPTH slots. A propensity is
    P(this image in this slot | the slots before it), or null where the recommender does not state it. A slate that
    `follows` another was asked for while that one was on the screen: it was shown only if an interaction names it.
    """

    id = models.UUIDField(_("recommendation id"), primary_key=True, default=uuid.uuid4, editable=False)
    visitor = models.ForeignKey(
        Visitor, on_delete=models.SET_NULL, null=True, blank=True, related_name="slates", verbose_name=_("visitor")
    )
    group = models.CharField(_("visitor group"), max_length=32)
    kiosk = models.ForeignKey(
        Kiosk, on_delete=models.SET_NULL, null=True, blank=True, related_name="slates", verbose_name=_("kiosk")
    )
    emotion = models.CharField(_("emotion"), max_length=16, choices=EMOTIONS)
    favorite = models.CharField(_("favorite"), max_length=FAVORITE_MAX_LENGTH, blank=True)
    zone = models.CharField(_("zone"), max_length=ZONE_MAX_LENGTH, blank=True)
    arm = models.CharField(_("served by"), max_length=16, choices=Arm, default=Arm.CHAMPION)
    follows = models.UUIDField(_("recommendation before"), null=True, blank=True, editable=False)
    recommender = models.CharField(_("recommender"), max_length=64)
    version = models.CharField(_("version"), max_length=64)
    reference = models.CharField(_("request ID at the recommender"), max_length=64, blank=True)
    personalized = models.BooleanField(_("personalized"))
    landscape = models.JSONField(_("landscape"), default=list)
    portrait = models.JSONField(_("portrait"), default=list)
    created_at = models.DateTimeField(_("created"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("slate")
        verbose_name_plural = _("slates")
        constraints = [
            models.CheckConstraint(name="slate_emotion_known", condition=Q(emotion__in=[e for e, _ in EMOTIONS])),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def fill_from(self, ranking: Ranking) -> None:
        """Store the first slots of each orientation, with their propensities where they are known."""
        self.landscape = _logged(ranking.images[Orientation.LANDSCAPE])
        self.portrait = _logged(ranking.images[Orientation.PORTRAIT])


def _logged(images: RankedImages) -> list[list[Any]]:
    slots = zip_longest(images.keys[:LOGGED_DEPTH], images.propensities[:LOGGED_DEPTH])
    return [[key, propensity] for key, propensity in slots]


class DailyTally(models.Model):
    """Shown slates of one day; a worker counts them again while they may change.

    `slates` has rows `[arm, emotion, visitor group, slates, slates with a like]`, `places` has rows
    `[arm, position (0: the first), pictures shown there, pictures liked]`.
    """

    day = models.DateField(_("day"), primary_key=True)
    slates = models.JSONField(_("slates"), default=list)
    places = models.JSONField(_("likes by position"), default=list)

    class Meta:
        verbose_name = _("recommendation dashboard")
        verbose_name_plural = _("recommendation dashboard")

    def __str__(self) -> str:
        return self.day.isoformat()
