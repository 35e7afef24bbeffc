"""Who makes pictures, and when the GPU hosts were switched."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SILENCE = timedelta(seconds=60)
FORGOTTEN = timedelta(days=1)


class WorkerQuerySet(models.QuerySet["Worker"]):
    def online(self) -> Self:
        return self.filter(last_seen_at__gte=timezone.now() - SILENCE)

    def long_gone(self) -> Self:
        return self.filter(last_seen_at__lt=timezone.now() - FORGOTTEN)


class Worker(models.Model):
    name = models.CharField(_("name"), max_length=255, primary_key=True)
    engines = models.JSONField(_("engines"), default=list)
    device = models.CharField(_("device"), max_length=255, blank=True)
    model = models.CharField(_("loaded model"), max_length=255, blank=True)
    memory_bytes = models.BigIntegerField(_("memory (bytes)"), null=True, blank=True)
    seconds_per_picture = models.FloatField(_("seconds per picture"), null=True, blank=True)
    pictures_made = models.PositiveBigIntegerField(_("pictures made"), default=0)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    last_busy_at = models.DateTimeField(_("last busy"), null=True, blank=True)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return self.name


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
