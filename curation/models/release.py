"""The serving set of an emotion as a history of numbered releases."""

from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from curation.models.operation import BulkOperation
from garden.models import Image
from garden.models.choices import EMOTIONS
from garden.storage.keys import MAX_LENGTH

TARGET = 60


class Garden(models.Model):
    """One emotion's serving set, and how many pictures it shall have. Its row is held while the set changes."""

    emotion = models.CharField(_("emotion"), max_length=16, choices=EMOTIONS, primary_key=True)
    live = models.OneToOneField(
        "Release", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("live release")
    )
    landscape_target = models.PositiveIntegerField(_("landscape target"), default=TARGET)
    portrait_target = models.PositiveIntegerField(_("portrait target"), default=TARGET)

    class Meta:
        verbose_name = _("garden")
        verbose_name_plural = _("gardens")

    def __str__(self) -> str:
        return self.get_emotion_display()


class ReleaseQuerySet(models.QuerySet["Release"]):
    def of_garden(self, emotion: str) -> Self:
        return self.filter(garden_id=emotion)

    def gone_live(self) -> Self:
        return self.filter(number__isnull=False)

    def scheduled(self) -> Self:
        return self.filter(number__isnull=True, cancelled_at__isnull=True)

    def due(self) -> Self:
        """Scheduled for a time that has come."""
        return self.scheduled().filter(goes_live_at__lte=timezone.now()).order_by("goes_live_at", "id")

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")

    def newest_published(self) -> UUID | None:
        """The bulk operation of the newest release that added pictures."""
        live = self.gone_live().filter(added__gt=0, operation__isnull=False).order_by("-live_at", "-id")
        return live.values_list("operation", flat=True).first()


class Release(models.Model):
    """What changed in a garden at once. It gets its number when it goes live."""

    garden = models.ForeignKey(Garden, on_delete=models.CASCADE, related_name="releases", verbose_name=_("garden"))
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    note = models.TextField(_("why"), blank=True)
    operation = models.ForeignKey(
        BulkOperation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="releases",
        verbose_name=_("bulk operation"),
    )
    returns_to = models.PositiveIntegerField(
        _("returns to release"), null=True, blank=True, help_text=_("0 is the garden before its first release.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    goes_live_at = models.DateTimeField(_("goes live"), null=True, blank=True)
    live_at = models.DateTimeField(_("live at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    added = models.PositiveIntegerField(_("pictures added"), default=0)
    removed = models.PositiveIntegerField(_("pictures removed"), default=0)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        indexes = [
            models.Index(name="release_newest", fields=["garden", "-created_at", "-id"]),
            models.Index(
                name="release_scheduled",
                fields=["goes_live_at"],
                condition=Q(number__isnull=True, cancelled_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="release_numbered_once", fields=["garden", "number"]),
            models.UniqueConstraint(name="release_once_an_operation", fields=["garden", "operation"]),
            models.CheckConstraint(
                name="release_numbered_when_live",
                condition=Q(number__isnull=True, live_at__isnull=True)
                | Q(number__isnull=False, live_at__isnull=False, cancelled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.garden_id} {self.number or '–'}"


class Change(models.TextChoices):
    ADD = "add", _("added")
    REMOVE = "remove", pgettext_lazy("change", "removed")


class ReleaseChange(models.Model):
    """One picture that a release adds to its garden or takes out of it."""

    Change = Change

    id = models.BigAutoField(primary_key=True)
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="changes", verbose_name=_("release"))
    image = models.ForeignKey(
        Image, on_delete=models.SET_NULL, null=True, related_name="release_changes", verbose_name=_("image")
    )
    key = models.CharField(_("key"), max_length=MAX_LENGTH)
    change = models.CharField(_("change"), max_length=8, choices=Change)

    class Meta:
        verbose_name = _("change of a release")
        verbose_name_plural = _("changes of releases")
        constraints = [
            models.UniqueConstraint(name="release_change_once", fields=["release", "image"]),
            models.CheckConstraint(name="release_change_known", condition=Q(change__in=Change.values)),
        ]

    def __str__(self) -> str:
        return f"{self.change} {self.key}"
