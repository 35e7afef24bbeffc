"""What curators think of a picture: a ledger of every decision; the current one of each curator is the vote."""

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


class DecisionQuerySet(models.QuerySet["Decision"]):
    def current(self) -> Self:
        """The votes: what each curator thinks now, where both the picture and the curator still exist."""
        return self.filter(is_current=True, image__isnull=False, curator__isnull=False)

    def after(self, cursor: int) -> Self:
        return self.filter(id__gt=cursor).order_by("id")

    def older_than(self, age: timedelta) -> Self:
        return self.filter(created_at__lt=timezone.now() - age)

    def visible_to(self, curator: int | None) -> Self:
        """Blind: only a curator's own, until the image has all its votes."""
        if settings.CURATION_VOTES_NEEDED < 2:
            return self
        return self.filter(Q(curator=curator) | ~Q(image__verdict=""))


class Decision(models.Model):
    """One keystroke, kept permanently. `event` is the client's: the same one twice is one decision.

    A later decision of the same curator on the same image makes this one no longer current; one that takes the vote
    back never is. The outcome of all current decisions is on the image.
    """

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
    is_current = models.BooleanField(_("current"), default=False)
    created_at = models.DateTimeField(_("decided"), default=timezone.now, db_index=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [models.Index(name="decision_of_curator", fields=["curator", "created_at"])]
        constraints = [
            models.UniqueConstraint(
                name="decision_current_once", fields=["image", "curator"], condition=Q(is_current=True)
            ),
            models.CheckConstraint(name="decision_verdict_known", condition=Q(verdict__in=_VALUES)),
            models.CheckConstraint(name="decision_rating_is_1_to_5", condition=_RATING),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.verdict or '–'}"
