"""Events to be sent to another service: stored with the interaction, removed once the service has them."""

import uuid
from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.models import Visitor


class OutgoingEventQuerySet(models.QuerySet["OutgoingEvent"]):
    def waiting(self) -> Self:
        return self.filter(refused_because="")

    def refused(self) -> Self:
        """The service refused these for good."""
        return self.exclude(refused_because="")

    def due(self) -> Self:
        return self.waiting().filter(due_at__lte=timezone.now())

    def claim(self, count: int, seconds: float) -> list["OutgoingEvent"]:
        """Lease the oldest due events of one visitor for so many seconds.

        After that, another worker may claim them.
        """
        holder = uuid.uuid4()
        due = self.due().order_by("id")
        oldest = list(due.filter(visitor=due.values("visitor")[:1]).values_list("pk", flat=True)[:count])
        until = timezone.now() + timedelta(seconds=seconds)
        self.due().filter(pk__in=oldest).update(holder=holder, due_at=until)
        return list(self.filter(holder=holder).order_by("id"))


class OutgoingEvent(models.Model):
    """One event for one service. `name` is sent with it, so that a service that receives it twice counts it once.

    `due_at` is when it may be sent next: now, after a pause, or when the lease of its `holder` ends.
    """

    name = models.UUIDField(_("event id"), unique=True, default=uuid.uuid4, editable=False)
    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="+", verbose_name=_("visitor"))
    payload = models.JSONField(_("event"))
    holder = models.UUIDField(_("lease holder"), null=True, editable=False)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    last_error = models.TextField(_("last error"), blank=True)
    refused_because = models.TextField(_("reason for refusal"), blank=True)

    objects = OutgoingEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing event")
        verbose_name_plural = _("outgoing events")
        indexes = [models.Index(fields=["due_at", "id"], name="outgoing_event_due")]

    def __str__(self) -> str:
        return str(self.name)
