"""When a worker of each queue was last heard: rung for by the clock, carried by the broker, answered by a worker."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Pulse(models.Model):
    queue = models.CharField(_("queue"), max_length=64, primary_key=True)
    heard_at = models.DateTimeField(_("heard"), default=timezone.now, null=True)
    listening_at = models.DateTimeField(
        _("listening"), null=True, help_text=_("When a worker process of the queue last reported itself, busy or idle.")
    )
    worker = models.CharField(_("worker"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("pulse of a queue")
        verbose_name_plural = _("pulses of queues")

    def __str__(self) -> str:
        return self.queue

    @property
    def age(self) -> timedelta | None:
        return timezone.now() - self.heard_at if self.heard_at else None
