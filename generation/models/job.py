"""One request to make pictures."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Priority(models.IntegerChoices):
    """Lower values are scheduled first."""

    KIOSK = 0, _("a visitor waits")
    SINGLE = 10, _("single picture")
    BULK = 50, _("bulk")


class Control(models.TextChoices):
    """What a person requested for the job. Its slots say how far it is."""

    ACTIVE = "active", pgettext_lazy("job", "active")
    PAUSED = "paused", _("paused")
    CANCELLED = "cancelled", _("cancelled")


class JobState(models.TextChoices):
    """The control of a job while a slot is open, then finished."""

    ACTIVE = "active", pgettext_lazy("job", "active")
    PAUSED = "paused", _("paused")
    FINISHED = "finished", pgettext_lazy("job", "finished")
    CANCELLED = "cancelled", _("cancelled")


class JobQuerySet(models.QuerySet["GenerationJob"]):
    def with_state(self) -> Self:
        """Annotate the `state` of each job: its control while a slot is open, then finished."""
        from generation.models.slot import Slot

        is_open = Exists(Slot.objects.open().filter(job=OuterRef("pk")))
        state = Case(
            When(control=Control.CANCELLED, then=Value(JobState.CANCELLED)),
            When(is_open, then=F("control")),
            default=Value(JobState.FINISHED),
        )
        return self.annotate(state=state)

    def with_counts(self) -> Self:
        """Annotate the job's `state`, how many slots there are, and how many in each state."""
        from generation.models.slot import SlotState

        counts = {f"{state}_slots": Count("slots", filter=Q(slots__state=state)) for state in SlotState.values}
        return self.with_state().annotate(all_slots=Count("slots"), **counts)

    def in_state(self, state: str) -> Self:
        """Jobs of one JobState; all where it is empty."""
        return self.with_state().filter(state=state) if state else self.all()

    def newest(self, count: int, start: int = 0) -> Self:
        """The newest jobs, chosen before their slots are counted: other jobs' slots cost nothing."""
        newest = list(self.order_by("-created_at").values_list("pk", flat=True)[start : start + count])
        return self.filter(pk__in=newest).order_by("-created_at")

    def lock_for_update(self) -> None:
        """Lock the rows until the transaction ends, always in the same order; slots may still be added to the jobs."""
        list(self.select_for_update(no_key=True).order_by("pk").values_list("pk"))

    def newest_first(self) -> Self:
        return self.order_by("-created_at")


class GenerationJob(models.Model):
    """A request for pictures; each slot is one picture."""

    Priority = Priority
    Control = Control
    State = JobState

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

    def compute_state(self) -> JobState:
        """The state as it is in the database now."""
        found: Any = GenerationJob.objects.with_state().get(pk=self.pk)
        return JobState(found.state)
