"""One request to make pictures."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Priority(models.IntegerChoices):
    """Who waits least: smaller goes first."""

    KIOSK = 0, _("a visitor waits")
    SINGLE = 10, _("single picture")
    BULK = 50, _("bulk")


class Control(models.TextChoices):
    """What a person wants of the job; what became of it is told by its slots."""

    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")
    CANCELLED = "cancelled", _("cancelled")


class JobQuerySet(models.QuerySet["GenerationJob"]):
    def with_counts(self) -> Self:
        """Annotate how many slots there are, and how many in each state."""
        from generation.models.slot import SlotState

        counts = {f"{state}_slots": Count("slots", filter=Q(slots__state=state)) for state in SlotState.values}
        return self.annotate(all_slots=Count("slots"), **counts)

    def newest(self, count: int, start: int = 0) -> Self:
        """The newest jobs, chosen before their slots are counted: other jobs' slots cost nothing."""
        newest = list(self.order_by("-created_at").values_list("pk", flat=True)[start : start + count])
        return self.filter(pk__in=newest).order_by("-created_at")

    def lock_for_update(self) -> None:
        """Hold the rows until the transaction ends, in one order whoever asks; slots may still be added to them."""
        list(self.select_for_update(no_key=True).order_by("pk").values_list("pk"))

    def newest_first(self) -> Self:
        return self.order_by("-created_at")


class GenerationJob(models.Model):
    """A wish for pictures; its slots are the pictures."""

    Priority = Priority
    Control = Control

    id = models.UUIDField(_("id"), primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=1024)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("owner")
    )
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.BULK)
    control = models.CharField(_("control"), max_length=16, choices=Control, default=Control.ACTIVE)
    request_key = models.CharField(
        _("idempotency key"), max_length=128, unique=True, null=True, blank=True, editable=False
    )
    request = models.JSONField(_("request"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, db_index=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("generation job")
        verbose_name_plural = _("generation jobs")
        constraints = [
            models.CheckConstraint(name="job_control_known", condition=Q(control__in=Control.values)),
        ]

    def __str__(self) -> str:
        return self.title
