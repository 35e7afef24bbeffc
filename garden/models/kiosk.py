"""A device that asks."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from garden.models.choices import READERS
from garden.models.rules import CONTEXTS, PRIVACY_PACKS
from garden.vocabulary import Reader

SEEN_PRECISION = timedelta(minutes=1)


class KioskQuerySet(models.QuerySet["Kiosk"]):
    def active(self) -> Self:
        return self.filter(is_active=True)


class Kiosk(models.Model):
    name = models.CharField(_("name"), max_length=100, unique=True)
    place = models.CharField(pgettext_lazy("room", "place"), max_length=200, blank=True)
    zone = models.ForeignKey(
        "garden.Zone",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="kiosks",
        verbose_name=_("zone"),
        help_text=_("Where pictures go that visitors send to the wall from here. Empty: nowhere."),
    )
    privacy_pack = models.CharField(
        _("rules of privacy"),
        max_length=32,
        blank=True,
        default="",
        db_default="",
        choices=PRIVACY_PACKS,
        help_text=_("Empty: those of the site."),
    )
    context = models.CharField(
        _("where it stands"),
        max_length=32,
        blank=True,
        default="",
        db_default="",
        choices=CONTEXTS,
        help_text=_("Empty: as the site. No face is read at a workplace or in a school."),
    )
    reader = models.CharField(
        _("who reads faces"),
        max_length=16,
        default=Reader.SERVER.value,
        db_default=Reader.SERVER.value,
        choices=READERS,
        help_text=_("The kiosk itself: no photo ever leaves it, and its readings are less exact."),
    )
    is_active = models.BooleanField(
        pgettext_lazy("device", "active"), default=True, help_text=_("An inactive kiosk's keys are refused.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)

    objects = KioskQuerySet.as_manager()

    class Meta:
        verbose_name = _("kiosk")
        verbose_name_plural = _("kiosks")

    def __str__(self) -> str:
        return self.name

    def mark_seen(self) -> None:
        """Note that the kiosk asked, to the minute: a write per request would be a write too many."""
        now = timezone.now()
        if self.last_seen_at is None or now - self.last_seen_at > SEEN_PRECISION:
            Kiosk.objects.filter(pk=self.pk).update(last_seen_at=now)
