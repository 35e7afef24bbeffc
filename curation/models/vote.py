"""What curators think of a picture: one vote each, and a ledger of every time they said so."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from garden.models import Image
from garden.storage.keys import MAX_LENGTH

VERDICTS = [
    (Image.Verdict.LIKE.value, pgettext_lazy("verdict", "like")),
    (Image.Verdict.DISLIKE.value, pgettext_lazy("verdict", "dislike")),
]
_VALUES = ["", *(value for value, _label in VERDICTS)]
_RATING = Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5)


def _told_to(curator: int | None) -> Q:
    if settings.CURATION_VOTES_NEEDED < 2:
        return Q()
    return Q(curator=curator) | ~Q(image__verdict="")


class VoteQuerySet(models.QuerySet["Vote"]):
    def with_verdict(self) -> Self:
        return self.exclude(verdict="")

    def told_to(self, curator: int | None) -> Self:
        """Blind: only a curator's own, until the image has all its votes."""
        return self.filter(_told_to(curator))


class Vote(models.Model):
    """What one curator thinks now; the outcome of all votes is on the image."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="votes", verbose_name=_("image"))
    curator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="votes", verbose_name=_("curator")
    )
    verdict = models.CharField(_("verdict"), max_length=16, choices=VERDICTS, blank=True)
    rating = models.PositiveSmallIntegerField(_("rating (1–5)"), null=True, blank=True)
    settles = models.BooleanField(_("settles a dispute"), default=False)
    decided_at = models.DateTimeField(_("decided"), default=timezone.now)

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(name="vote_once_a_curator", fields=["image", "curator"]),
            models.CheckConstraint(name="vote_verdict_known", condition=Q(verdict__in=_VALUES)),
            models.CheckConstraint(name="vote_rating_is_1_to_5", condition=_RATING),
        ]

    def __str__(self) -> str:
        return f"{self.image_id}: {self.verdict or '–'}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def after(self, cursor: int) -> Self:
        return self.filter(id__gt=cursor).order_by("id")

    def older_than(self, age: timedelta) -> Self:
        return self.filter(created_at__lt=timezone.now() - age)

    def told_to(self, curator: int | None) -> Self:
        """Blind: only a curator's own, until the image has all its votes."""
        return self.filter(_told_to(curator))


class Decision(models.Model):
    """One keystroke, kept for ever. `event` is the client's: the same one twice is one decision."""

    id = models.BigAutoField(primary_key=True)
    event = models.UUIDField(_("event"), unique=True, editable=False)
    image = models.ForeignKey(
        Image, on_delete=models.SET_NULL, null=True, related_name="decisions", verbose_name=_("image")
    )
    key = models.CharField(_("key"), max_length=MAX_LENGTH)
    curator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="decisions",
        verbose_name=_("curator"),
    )
    verdict = models.CharField(_("verdict"), max_length=16, choices=VERDICTS, blank=True)
    rating = models.PositiveSmallIntegerField(_("rating (1–5)"), null=True, blank=True)
    previous_verdict = models.CharField(_("verdict before"), max_length=16, choices=VERDICTS, blank=True)
    previous_rating = models.PositiveSmallIntegerField(_("rating before"), null=True, blank=True)
    settles = models.BooleanField(_("settles a dispute"), default=False)
    created_at = models.DateTimeField(_("decided"), default=timezone.now, db_index=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [models.Index(name="decision_of_curator", fields=["curator", "created_at"])]
        constraints = [
            models.CheckConstraint(name="decision_verdict_known", condition=Q(verdict__in=_VALUES)),
            models.CheckConstraint(name="decision_rating_is_1_to_5", condition=_RATING),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.verdict or '–'}"
