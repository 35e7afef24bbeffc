"""One request to make pictures."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Priority(models.IntegerChoices):
    """Who waits least: smaller goes first."""

    KIOSK = 0, _("a visitor waits")
    SINGLE = 10, _("single picture")
    BULK = 50, _("bulk")


class Control(models.TextChoices):
    """What a person wants of the job; what became of it is told by its slots."""

    ACTIVE = "active", pgettext_lazy("job", "active")
    PAUSED = "paused", _("paused")
    CANCELLED = "cancelled", _("cancelled")


class JobState(models.TextChoices):
    """What became of a job: as a person wants it while a slot is open, then finished."""

    ACTIVE = "active", pgettext_lazy("job", "active")
    PAUSED = "paused", _("paused")
    FINISHED = "finished", pgettext_lazy("job", "finished")
    CANCELLED = "cancelled", _("cancelled")


class JobQuerySet(models.QuerySet["GenerationJob"]):
    def with_counts(self) -> Self:
        """Annotate the job's `state`, how many slots there are, and how many in each state."""
        from generation.models.slot import OPEN, SlotState

        counts = {f"{state}_slots": Count("slots", filter=Q(slots__state=state)) for state in SlotState.values}
        ended = Q(**{f"{state}_slots": 0 for state in OPEN})
        state = Case(
            When(control=Control.CANCELLED, then=Value(JobState.CANCELLED)),
            When(ended, then=Value(JobState.FINISHED)),
            default=F("control"),
        )
        return self.annotate(all_slots=Count("slots"), **counts).annotate(state=state)

    def in_state(self, state: str) -> Self:
        """Jobs of one JobState; all where it is empty."""
        from generation.models.slot import Slot

        if not state:
            return self.all()
        if state == JobState.CANCELLED:
            return self.filter(control=Control.CANCELLED)
        is_open = Exists(Slot.objects.open().filter(job=OuterRef("pk")))
        if state == JobState.FINISHED:
            return self.exclude(control=Control.CANCELLED).filter(~is_open)
        return self.filter(is_open, control=state)

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
    """A wish for pictures; its slots are the pictures."""

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
        """As `with_counts` annotates it for many."""
        if self.control != Control.CANCELLED and not self.slots.open().exists():
            return JobState.FINISHED
        return JobState(self.control)
