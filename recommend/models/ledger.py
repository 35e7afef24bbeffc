"""The ledger's numbers, without gaps and in the order of commits, and snapshots of what was learned."""

from typing import Self

from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

_ONLY = 1


class LedgerQuerySet(models.QuerySet["Ledger"]):
    def current(self) -> "Ledger":
        """The ledger's row; without one, a ledger at number 0."""
        return self.filter(pk=_ONLY).first() or Ledger()

    def take(self, count: int = 1) -> range:
        """The next numbers, for this transaction alone: other writers wait until it ends.

        This lock is taken after all others. A transaction that fails returns its numbers, so there are no gaps.
        """
        while (head := self._advance(count)) is None:
            self.bulk_create([Ledger()], ignore_conflicts=True)
        return range(head - count + 1, head + 1)

    def _advance(self, count: int) -> int | None:
        """One statement, as other writers wait; Django has no UPDATE … RETURNING."""
        table = connection.ops.quote_name(Ledger._meta.db_table)
        with connection.cursor() as cursor:
            statement = f"UPDATE {table} SET head = head + %s WHERE id = %s RETURNING head"  # noqa: S608  # Our table.
            cursor.execute(statement, [count, _ONLY])
            row = cursor.fetchone()
        return None if row is None else int(row[0])

    def begin_epoch(self, *, base: int) -> "Ledger":
        """Every process learns again, or from a snapshot of the new epoch. Needs a transaction."""
        self.take(0)
        self.filter(pk=_ONLY).update(epoch=F("epoch") + 1, base=base)
        return self.get(pk=_ONLY)


class Ledger(models.Model):
    """One row. Automatic ids are assigned before the commit, these numbers at the commit.

    `head` is the last number assigned. States of different epochs are different: a description of a picture made
    at number n is known to learning from n on, or from the beginning if n ≤ `base`.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=_ONLY, editable=False)
    head = models.PositiveBigIntegerField(_("last number"), default=0)
    epoch = models.PositiveIntegerField(_("epoch"), default=1)
    base = models.PositiveBigIntegerField(_("last number when the epoch began"), default=0)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger")
        verbose_name_plural = _("ledgers")
        constraints = [
            models.CheckConstraint(name="ledger_is_one", condition=Q(id=_ONLY)),
            models.CheckConstraint(name="ledger_base_is_past", condition=Q(base__lte=F("head"))),
        ]

    def __str__(self) -> str:
        return f"{self.head} (epoch {self.epoch})"


KEPT = 3
_NO_EPOCH = 0


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def of(self, version: str, epoch: int) -> Self:
        return self.filter(version=version, epoch=epoch)

    def of_axes(self, version: int) -> Self:
        """The axes of pictures (encoders.Axes) for a version of descriptions: one row, or none yet.

        Descriptions up to its position do not have the encoder's part.
        """
        return self.of(f"axes-{version}", _NO_EPOCH)

    def save_axes(self, version: int, position: int, state: bytes) -> None:
        """Computed once for each version of descriptions, as soon as there are enough pictures."""
        self.create(version=f"axes-{version}", epoch=_NO_EPOCH, position=position, state=state)

    def known_from(self, version: int) -> int:
        """The number after which descriptions of this version use their axes; 0 without any."""
        return self.of_axes(version).values_list("position", flat=True).first() or 0

    def newest(self) -> "Snapshot | None":
        return self.order_by("-position").first()

    def prune(self, version: str, epoch: int) -> int:
        """Delete all but the newest few of this version and epoch, and those of earlier epochs."""
        kept = list(self.of(version, epoch).order_by("-position").values_list("pk", flat=True)[:KEPT])
        spent = Q(version=version, epoch=epoch) | Q(epoch__lt=epoch)
        deleted, _ = self.of_models().filter(spent).exclude(pk__in=kept).delete()
        return deleted

    def of_models(self) -> Self:
        return self.exclude(epoch=_NO_EPOCH)


class Snapshot(models.Model):
    """What was learned up to a number of the ledger, so that a new process need not read all of it.

    `state` is in the format of `version`; two processes at one position write the same bytes.
    """

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
