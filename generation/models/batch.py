"""Batches: one recipe applied to many pictures, and the state of each picture."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.models import Image
from garden.storage.keys import MAX_LENGTH
from generation.models.job import OPEN, GenerationJob, Slot, SlotState
from generation.models.retouch import Canvas, Version

WAITING, SKIPPED = "waiting", "skipped"
ITEM_STATES = (WAITING, *SlotState.values, SKIPPED)
"""Not queued yet; the state of its slot; or done before with the same recipe."""


class RetouchBatch(models.Model):
    """A recipe and its pictures. The preview creates the job; a run adds slots for the remaining pictures."""

    id = models.UUIDField(_("id"), primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=200)
    recipe = models.JSONField(_("recipe"), default=dict)
    fingerprint = models.CharField(_("fingerprint of the recipe"), max_length=64, db_index=True, editable=False)
    mask = models.CharField(_("drawn mask"), max_length=MAX_LENGTH, blank=True)
    job = models.OneToOneField(
        GenerationJob, on_delete=models.SET_NULL, null=True, blank=True, related_name="batch", verbose_name=_("job")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    created_at = models.DateTimeField(_("requested"), default=timezone.now, db_index=True)
    run_at = models.DateTimeField(_("run"), null=True, blank=True, help_text=_("Empty: not run yet."))

    class Meta:
        verbose_name = _("retouch batch")
        verbose_name_plural = _("retouch batches")

    def __str__(self) -> str:
        return self.title

    @property
    def request_key(self) -> str:
        return f"retouch-batch:{self.pk}"


_STATE = Case(
    When(slot__isnull=False, then=F("slot__state")),
    When(~Q(error=""), then=Value(SlotState.FAILED.value)),
    When(version__isnull=False, then=Value(SKIPPED)),
    default=Value(WAITING),
    output_field=models.CharField(),
)


class BatchItemQuerySet(models.QuerySet["BatchItem"]):
    def in_order(self) -> Self:
        return self.order_by("number")

    def with_state(self) -> Self:
        """Annotate `state`, one of ITEM_STATES."""
        return self.annotate(state=_STATE)

    def in_state(self, *states: str) -> Self:
        return self.annotate(state=_STATE).filter(state__in=states)

    def count_states(self) -> dict[str, int]:
        """Counts by state; empty states are left out."""
        return dict(self.annotate(state=_STATE).order_by().values_list("state").annotate(Count("pk")))

    def reserved(self) -> Self:
        """Items whose price is reserved, and that have no version yet."""
        return self.filter(version=None, price__gt=0, slot__state__in=OPEN)

    def waiting(self) -> Self:
        return self.filter(slot=None, version=None, error="")


class BatchItem(models.Model):
    """A picture of a batch: an image, or a canvas that was uploaded for it."""

    id = models.UUIDField(_("id"), primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(RetouchBatch, on_delete=models.CASCADE, related_name="items", verbose_name=_("batch"))
    number = models.PositiveIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=MAX_LENGTH)
    image = models.ForeignKey(
        Image, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("image")
    )
    canvas = models.ForeignKey(
        Canvas, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("canvas")
    )
    slot = models.OneToOneField(
        Slot, on_delete=models.SET_NULL, null=True, blank=True, related_name="batch_item", verbose_name=_("slot")
    )
    version = models.ForeignKey(
        Version,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="batch_items",
        verbose_name=_("version"),
        help_text=_("The result, or an earlier result of the same recipe."),
    )
    price = models.PositiveSmallIntegerField(
        _("price"), default=0, db_default=0, help_text=_("Credits charged once it is finished.")
    )
    error = models.TextField(_("error"), blank=True, help_text=_("Why it could not be queued."))

    objects = BatchItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture of a batch")
        verbose_name_plural = _("pictures of a batch")
        constraints = [models.UniqueConstraint(name="batch_item_numbered_once", fields=["batch", "number"])]
        indexes = [
            models.Index(name="batch_item_unpaid", fields=["batch"], condition=Q(version=None, price__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name
