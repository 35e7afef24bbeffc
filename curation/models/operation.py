"""What a curator did to many pictures at once: who, when, what, why, how far, and what it was before."""

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from garden.models import Image
from garden.storage.keys import MAX_LENGTH


class OperationKind(models.TextChoices):
    REMOVE = "remove", _("remove")
    PUBLISH = "publish", _("publish")
    RESTORE = "restore", _("restore")
    WITHDRAW = "withdraw", _("withdraw")
    LABEL = "label", _("change emotion or favorite")
    REPLACE = "replace", _("replace")
    PURGE = "purge", _("purge")
    ROLL_BACK = "roll_back", _("roll back")
    CANCEL = "cancel", _("cancel a schedule")
    UNDO = "undo", _("undo")
    RESOLVE = "resolve", _("resolve near duplicates")


UNDOABLE = [
    OperationKind.REMOVE,
    OperationKind.PUBLISH,
    OperationKind.RESTORE,
    OperationKind.WITHDRAW,
    OperationKind.LABEL,
    OperationKind.REPLACE,
    OperationKind.ROLL_BACK,
]
COPYING = [OperationKind.PUBLISH, OperationKind.REPLACE]
"""Kinds that copy files into the garden before anything moves."""


class OperationState(models.TextChoices):
    """queued → running → done or failed; one that was killed is run again and ends the same."""

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", pgettext_lazy("state", "done")
    FAILED = "failed", _("failed")


class BulkOperationQuerySet(models.QuerySet["BulkOperation"]):
    def open(self) -> Self:
        return self.filter(state__in=[OperationState.QUEUED, OperationState.RUNNING])

    def silent_for(self, age: timedelta) -> Self:
        """Open, and without progress for this time."""
        return self.open().filter(moved_at__lt=timezone.now() - age)

    def newest_first(self) -> Self:
        return self.order_by("-at", "-id")


class BulkOperation(models.Model):
    """One press of a button. `id` is the client's: the same one twice is one operation."""

    Kind = OperationKind
    State = OperationState

    id = models.UUIDField(_("id"), primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=OperationKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="bulk_operations",
        verbose_name=_("who"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    note = models.TextField(_("why"), blank=True)
    selection = models.JSONField(_("selection"), default=dict, blank=True)
    goes_live_at = models.DateTimeField(_("goes live"), null=True, blank=True)
    total = models.PositiveIntegerField(_("pictures"), default=0)
    done = models.PositiveIntegerField(pgettext_lazy("number", "done"), default=0)
    state = models.CharField(_("state"), max_length=16, choices=OperationState, default=OperationState.QUEUED)
    error = models.TextField(_("error"), blank=True)
    moved_at = models.DateTimeField(_("last progress"), default=timezone.now, editable=False)
    applied_at = models.DateTimeField(_("took effect"), null=True, blank=True, editable=False)
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name=_("undoes")
    )

    objects = BulkOperationQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk operation")
        verbose_name_plural = _("bulk operations")
        permissions = [
            ("view_review", "Can look at the pool, the garden and the trash"),
            ("decide", "Can like and dislike pictures"),
            ("settle_dispute", "Can settle a dispute between curators"),
            ("remove_images", "Can move pictures to the trash"),
            ("restore_images", "Can bring pictures back from the trash"),
            ("publish_images", "Can publish and withdraw pictures"),
            ("roll_back_release", "Can roll a garden back to an earlier release"),
            ("purge_trash", "Can delete pictures of the trash permanently"),
            ("import_data", "Can import spreadsheets"),
        ]
        indexes = [
            models.Index(name="operation_newest", fields=["-at", "-id"]),
            models.Index(name="operation_open", fields=["moved_at"], condition=Q(state__in=["queued", "running"])),
        ]
        constraints = [
            models.CheckConstraint(name="operation_state_known", condition=Q(state__in=OperationState.values)),
            models.CheckConstraint(
                name="operation_undo_undoes_something", condition=~Q(kind="undo") | Q(undoes__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.total})"

    @property
    def is_open(self) -> bool:
        return self.state in (OperationState.QUEUED, OperationState.RUNNING)

    @property
    def is_undoable(self) -> bool:
        """Done, of a kind that leaves something to go back to, and not undone yet."""
        undoable = self.state == OperationState.DONE and self.kind in UNDOABLE and self.applied_at is not None
        return undoable and not hasattr(self, "undone_by")


class BulkOperationItemQuerySet(models.QuerySet["BulkOperationItem"]):
    def purging(self) -> Self:
        """Their rows are gone, their files not yet."""
        return self.filter(operation__kind=OperationKind.PURGE, file_gone=False).exclude(before="")

    def leaving_files(self) -> Self:
        """There may be a file under the key without a row, which the operation deletes."""
        copied = Q(operation__kind__in=COPYING, made=None)
        purged = Q(operation__kind=OperationKind.PURGE) & ~Q(before="")
        return self.filter(copied | purged, file_gone=False)

    def purged(self) -> Self:
        return self.filter(operation__kind=OperationKind.PURGE).exclude(before="")

    def publishing(self) -> Self:
        """Their copies' files are being written, their rows not yet."""
        return self.filter(
            operation__kind__in=COPYING, operation__state__in=[OperationState.QUEUED, OperationState.RUNNING]
        )


class BulkOperationItem(models.Model):
    """One picture of an operation. `before` stays empty where the operation found nothing to do."""

    id = models.BigAutoField(primary_key=True)
    operation = models.ForeignKey(
        BulkOperation, on_delete=models.CASCADE, related_name="items", verbose_name=_("bulk operation")
    )
    image = models.ForeignKey(
        Image, on_delete=models.SET_NULL, null=True, related_name="operation_items", verbose_name=_("image")
    )
    key = models.CharField(
        _("key"), max_length=MAX_LENGTH, help_text=_("The key of the picture; for a publication, that of the copy.")
    )
    before = models.CharField(_("state before"), max_length=16, blank=True)
    labels_before = models.JSONField(_("emotion and favorite before"), null=True, blank=True, editable=False)
    made = models.ForeignKey(
        Image,
        on_delete=models.SET_NULL,
        null=True,
        related_name="made_by_items",
        verbose_name=pgettext_lazy("picture", "made"),
    )
    file_gone = models.BooleanField(_("file deleted"), default=False)

    objects = BulkOperationItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture of a bulk operation")
        verbose_name_plural = _("pictures of bulk operations")
        constraints = [models.UniqueConstraint(name="operation_item_once", fields=["operation", "key"])]
        indexes = [models.Index(name="operation_item_key", fields=["key"])]

    def __str__(self) -> str:
        return self.key
