"""What was learned up to a number of the ledger, kept so that a new process need not read all of it."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT = 3


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def of(self, version: str, epoch: int) -> Self:
        return self.filter(version=version, epoch=epoch)

    def newest(self) -> "Snapshot | None":
        return self.order_by("-position").first()

    def prune(self, version: str, epoch: int) -> int:
        """Delete all but the newest few of this version and epoch, and those of epochs gone by."""
        kept = list(self.of(version, epoch).order_by("-position").values_list("pk", flat=True)[:KEPT])
        spent = models.Q(version=version, epoch=epoch) | models.Q(epoch__lt=epoch)
        deleted, _ = self.filter(spent).exclude(pk__in=kept).delete()
        return deleted


class Snapshot(models.Model):
    """`state` is what the model's own version writes; two processes at one position write the same bytes."""

    version = models.CharField(_("version"), max_length=64)
    epoch = models.PositiveIntegerField(_("epoch"))
    position = models.PositiveBigIntegerField(_("number in the ledger"))
    state = models.BinaryField(_("state"))
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        constraints = [models.UniqueConstraint(fields=["version", "epoch", "position"], name="snapshot_is_one")]

    def __str__(self) -> str:
        return f"{self.version} at {self.position}"
