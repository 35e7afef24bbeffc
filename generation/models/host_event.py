"""When GPU hosts were switched or given another idle time, and by whom."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Switch(models.TextChoices):
    START = "start", _("start")
    STOP = "stop", _("stop")
    IDLE = "idle", _("idle time")


class HostEventQuerySet(models.QuerySet["HostEvent"]):
    def starts(self) -> Self:
        return self.filter(switch=Switch.START)

    def stop_that_holds(self) -> "HostEvent | None":
        """The last switch, where a person switched off: what was asked for before it starts nothing any more."""
        last = self.exclude(switch=Switch.IDLE).order_by("-at", "-pk").first()
        return last if last is not None and last.switch == Switch.STOP and last.by_id is not None else None

    def idle_seconds(self) -> int | None:
        """What was last chosen; None where nobody chose, or chose the site's own setting again."""
        last = self.filter(switch=Switch.IDLE).order_by("-at", "-pk").values_list("seconds", flat=True).first()
        return last or None


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

    seconds = models.PositiveIntegerField(
        _("idle time (s)"),
        null=True,
        blank=True,
        help_text=_("Of an idle time alone: off after so long without work. 0 is the site's own setting again."),
    )

    objects = HostEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("GPU host event")
        verbose_name_plural = _("GPU host events")
        ordering = ["-at"]
        permissions = [("switch_hosts", _("Can start and stop GPU hosts"))]

    def __str__(self) -> str:
        return f"{self.switch} {self.at:%Y-%m-%d %H:%M}"
