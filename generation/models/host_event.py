"""When GPU hosts were switched, and by whom."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Switch(models.TextChoices):
    START = "start", _("start")
    STOP = "stop", _("stop")


class HostEventQuerySet(models.QuerySet["HostEvent"]):
    def starts(self) -> Self:
        return self.filter(switch=Switch.START)


class HostEvent(models.Model):
    switch = models.CharField(_("switch"), max_length=8, choices=Switch)
    at = models.DateTimeField(_("time"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("by"),
        help_text=_("Empty: the queue."),
    )

    objects = HostEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("GPU host event")
        verbose_name_plural = _("GPU host events")
        ordering = ["-at"]
        permissions = [("switch_hosts", _("Can start and stop GPU hosts"))]

    def __str__(self) -> str:
        return f"{self.switch} {self.at:%Y-%m-%d %H:%M}"
