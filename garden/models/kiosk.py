"""A device that asks, and the key it asks with."""

from datetime import timedelta
from typing import ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.models import AbstractAPIKey, APIKeyManager

SEEN_PRECISION = timedelta(minutes=1)


class KioskQuerySet(models.QuerySet["Kiosk"]):
    def active(self) -> Self:
        return self.filter(is_active=True)


class Kiosk(models.Model):
    name = models.CharField(_("name"), max_length=100, unique=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    zone = models.ForeignKey(
        "garden.Zone",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="kiosks",
        verbose_name=_("zone"),
        help_text=_("Where pictures go that visitors send to the wall from here. Empty: nowhere."),
    )
    is_active = models.BooleanField(_("active"), default=True, help_text=_("An inactive kiosk's keys are refused."))
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


class KioskKeyManager(APIKeyManager):
    def get_usable_keys(self) -> models.QuerySet["KioskKey"]:
        usable: models.QuerySet[KioskKey] = super().get_usable_keys().filter(kiosk__is_active=True)
        return usable


class KioskKey(AbstractAPIKey):
    """A hashed, revocable key; the key itself is shown once, when it is made."""

    kiosk = models.ForeignKey(Kiosk, on_delete=models.CASCADE, related_name="keys", verbose_name=_("kiosk"))

    objects: ClassVar[KioskKeyManager] = KioskKeyManager()

    class Meta(AbstractAPIKey.Meta):
        verbose_name = _("kiosk key")  # type: ignore[assignment]
        verbose_name_plural = _("kiosk keys")  # type: ignore[assignment]
