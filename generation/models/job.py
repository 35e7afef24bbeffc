"""A request to make pictures, and its slots: one picture each."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from garden.models import Image
from garden.models.choices import ORIENTATIONS
from garden.storage.keys import MAX_LENGTH
from generation.engines.base import PictureRequest
from generation.models.template import PromptTemplate


class Priority(models.IntegerChoices):
    """Lower values are scheduled first."""

    KIOSK = 0, _("a visitor is waiting")
    SINGLE = 10, _("single picture")
    BULK = 50, _("bulk")


class Control(models.TextChoices):
    """What a person requested for the job. The slots hold the progress."""

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
        is_open = Exists(Slot.objects.open().filter(job=OuterRef("pk")))
        state = Case(
            When(control=Control.CANCELLED, then=Value(JobState.CANCELLED)),
            When(is_open, then=F("control")),
            default=Value(JobState.FINISHED),
        )
        return self.annotate(state=state)

    def with_counts(self) -> Self:
        """Annotate the job's `state`, how many slots there are, and how many in each state."""
        counts = {f"{state}_slots": Count("slots", filter=Q(slots__state=state)) for state in SlotState.values}
        return self.with_state().annotate(all_slots=Count("slots"), **counts)

    def in_state(self, state: str) -> Self:
        """Jobs of one JobState; all where it is empty."""
        return self.with_state().filter(state=state) if state else self.all()

    def by_staff(self) -> Self:
        """Those that staff ordered: pictures that grow for visitors have jobs too."""
        return self.exclude(priority=Priority.KIOSK)

    def newest(self, count: int, start: int = 0) -> Self:
        """The newest jobs, chosen before their slots are counted: other jobs' slots cost nothing."""
        newest = list(self.order_by("-created_at").values_list("pk", flat=True)[start : start + count])
        return self.filter(pk__in=newest).order_by("-created_at")

    def lock_for_update(self) -> None:
        """Lock the rows in primary-key order until the transaction ends; slots can still be added to the jobs."""
        list(self.select_for_update(no_key=True).order_by("pk").values_list("pk"))

    def newest_first(self) -> Self:
        return self.order_by("-created_at")


class GenerationJob(models.Model):
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
        found: Any = GenerationJob.objects.with_state().get(pk=self.pk)
        return JobState(found.state)


class SlotState(models.TextChoices):
    """queued → leased → done; a lost lease goes back to queued, too many of them to failed."""

    QUEUED = "queued", _("queued")
    PAUSED = "paused", _("paused")
    LEASED = "leased", _("being made")
    DONE = "done", pgettext_lazy("state", "done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class SlotKind(models.TextChoices):
    PICTURE = "picture", _("make a picture")
    RETOUCH = "retouch", _("repaint a part of a picture")
    TAGS = "tags", _("read tags of a picture")


OPEN = (SlotState.QUEUED, SlotState.PAUSED, SlotState.LEASED)
"""States in which a slot may yet be done."""
CLOCK_SLACK = timedelta(minutes=10)
"""The clocks of a site's machines differ by less."""
TOO_LONG = timedelta(hours=2)
"""`not_before` is never set so far ahead."""


class SlotQuerySet(models.QuerySet["Slot"]):
    def claimable(self) -> Self:
        """Queued and due. A `not_before` too far ahead comes from a clock that was set back, and counts as due."""
        now = timezone.now()
        due = Q(not_before=None) | Q(not_before__lte=now) | Q(not_before__gt=now + TOO_LONG)
        return self.filter(due, state=SlotState.QUEUED)

    def leased(self) -> Self:
        return self.filter(state=SlotState.LEASED)

    def expired(self) -> Self:
        """Leased past the deadline. A deadline too far ahead comes from a wrong clock: expired too."""
        now = timezone.now()
        latest = now + timedelta(seconds=settings.GENERATION_LEASE_SECONDS) + CLOCK_SLACK
        return self.leased().filter(Q(lease_deadline__lt=now) | Q(lease_deadline__gt=latest))

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def engines(self) -> list[str]:
        """The distinct engines of these slots."""
        return list(self.order_by().values_list("engine", flat=True).distinct())

    def of_engines(self, engines: Sequence[str]) -> Self:
        return self.filter(engine__in=engines)


class Slot(models.Model):
    """One picture of a job, identified by `(job, index, orientation)`; `key` is its storage key."""

    State = SlotState
    Kind = SlotKind

    kind = models.CharField(
        _("work"), max_length=16, choices=SlotKind, default=SlotKind.PICTURE, db_default=SlotKind.PICTURE.value
    )
    job = models.ForeignKey(GenerationJob, on_delete=models.CASCADE, related_name="slots", verbose_name=_("job"))
    index = models.PositiveIntegerField(_("index"))
    orientation = models.CharField(_("orientation"), max_length=16, choices=ORIENTATIONS)
    key = models.CharField(_("key"), max_length=MAX_LENGTH, unique=True)

    engine = models.CharField(_("engine"), max_length=64)
    model = models.CharField(_("model"), max_length=255, blank=True)
    prompt = models.TextField(_("prompt"))
    negative_prompt = models.TextField(_("negative prompt"), blank=True)
    width = models.PositiveIntegerField(_("width (px)"))
    height = models.PositiveIntegerField(_("height (px)"))
    seed = models.BigIntegerField(_("seed"))
    steps = models.PositiveIntegerField(_("steps"), null=True, blank=True)
    guidance_scale = models.FloatField(_("guidance scale"), null=True, blank=True)
    template = models.ForeignKey(
        PromptTemplate,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="slots",
        verbose_name=_("prompt template"),
        help_text=_("The template that the prompt was filled from, if any."),
    )
    batch_key = models.CharField(_("batch"), max_length=64, editable=False)

    owner = models.BigIntegerField(
        _("owner"), default=0, editable=False, help_text=_("for fair scheduling; 0: no owner")
    )
    priority = models.PositiveSmallIntegerField(_("priority"), default=GenerationJob.Priority.BULK)
    state = models.CharField(_("state"), max_length=16, choices=SlotState, default=SlotState.QUEUED)
    attempt = models.PositiveSmallIntegerField(_("attempts"), default=0)
    alone = models.BooleanField(
        _("made alone"),
        default=False,
        db_default=False,
        help_text=_("A worker crashed while making a batch with this picture."),
    )
    lease_token = models.UUIDField(_("lease"), null=True, blank=True, editable=False)
    lease_owner = models.CharField(_("worker"), max_length=255, blank=True)
    lease_deadline = models.DateTimeField(_("lease ends"), null=True, blank=True)
    not_before = models.DateTimeField(
        _("not before"),
        null=True,
        blank=True,
        help_text=_("The wait grows each time the engine is unavailable."),
    )
    progress = models.FloatField(_("progress"), default=0)
    error = models.TextField(_("error"), blank=True)
    image = models.OneToOneField(
        Image, on_delete=models.SET_NULL, null=True, blank=True, related_name="slot", verbose_name=_("image")
    )
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    seconds = models.FloatField(_("seconds"), null=True, blank=True)

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        constraints = [
            models.UniqueConstraint(name="slot_once_a_job", fields=["job", "index", "orientation"]),
            models.CheckConstraint(name="slot_state_known", condition=Q(state__in=SlotState.values)),
            models.CheckConstraint(name="slot_kind_known", condition=Q(kind__in=SlotKind.values)),
            models.CheckConstraint(
                name="slot_leased_has_lease",
                condition=~Q(state=SlotState.LEASED)
                | Q(lease_token__isnull=False, lease_deadline__isnull=False, started_at__isnull=False),
            ),
            models.CheckConstraint(name="slot_progress_is_a_share", condition=Q(progress__gte=0, progress__lte=1)),
        ]
        indexes = [
            models.Index(
                name="slot_turns", fields=["engine", "priority", "owner", "model", "id"], condition=Q(state="queued")
            ),
            models.Index(
                name="slot_batches", fields=["batch_key", "priority", "owner", "id"], condition=Q(state="queued")
            ),
            models.Index(name="slot_leases", fields=["lease_deadline"], condition=Q(state=SlotState.LEASED)),
            models.Index(name="slot_lease_token", fields=["lease_token"], condition=Q(state=SlotState.LEASED)),
            models.Index(name="slot_finished", fields=["finished_at"], condition=Q(state=SlotState.DONE)),
            models.Index(name="slot_pace", fields=["batch_key", "finished_at"], condition=Q(state=SlotState.DONE)),
            models.Index(name="slot_feed", fields=["job", "finished_at", "id"], condition=Q(state=SlotState.DONE)),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def request(self) -> PictureRequest:
        return PictureRequest(**{field.name: getattr(self, field.name) for field in fields(PictureRequest)})

    def compute_batch_key(self) -> str:
        """Slots with the same batch key can be made in one batch."""
        parts: tuple[object, ...] = (
            self.engine,
            self.model,
            self.width,
            self.height,
            self.steps,
            self.guidance_scale,
        )
        if self.kind != SlotKind.PICTURE:
            parts = (*parts, self.kind)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
