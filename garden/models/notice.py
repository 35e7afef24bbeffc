"""What is still to be told of alarms, to whom; and which moments the garden watched its devices."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.models.health import Alarm


class AlarmNotice(models.Model):
    """One alarm's beginning or end for one channel: sent until it arrived. The claim is a lease until `due_at`."""

    class Event(models.TextChoices):
        RAISED = "raised", _("raised")
        CLEARED = "cleared", _("cleared")

    class Channel(models.TextChoices):
        WEBHOOK = "webhook", _("webhook")
        EMAIL = "email", _("e-mail")

    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="notices", verbose_name=_("alarm"))
    event = models.CharField(_("event"), max_length=16, choices=Event)
    channel = models.CharField(_("channel"), max_length=16, choices=Channel)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    claim = models.UUIDField(_("claim"), null=True, blank=True)
    told_at = models.DateTimeField(_("told"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("notice of an alarm")
        verbose_name_plural = _("notices of alarms")
        constraints = [
            models.UniqueConstraint(name="notice_once_per_channel", fields=["alarm", "event", "channel"]),
        ]
        indexes = [models.Index(name="notice_due", fields=["due_at"], condition=Q(told_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.alarm}: {self.get_event_display()}, {self.get_channel_display()}"


class WatchRound(models.Model):
    """The garden looked at its devices at this moment; minutes later the row is gone."""

    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("round of the watch")
        verbose_name_plural = _("rounds of the watch")

    def __str__(self) -> str:
        return str(self.at)
