"""Processes that make pictures."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ONLINE_WINDOW = timedelta(seconds=60)
DELETE_AFTER = timedelta(days=1)


class WorkerQuerySet(models.QuerySet["Worker"]):
    def online(self) -> Self:
        return self.filter(last_seen_at__gte=timezone.now() - ONLINE_WINDOW)

    def stale(self) -> Self:
        return self.filter(last_seen_at__lt=timezone.now() - DELETE_AFTER)


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
        permissions = [("switch_hosts", _("Can start and stop GPU hosts"))]

    def __str__(self) -> str:
        return self.name
