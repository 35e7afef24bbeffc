"""The order of everything that is learned from, without gaps, equal to the order of commits."""

from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

_ONLY = 1


class LedgerQuerySet(models.QuerySet["Ledger"]):
    def current(self) -> "Ledger":
        """Where the ledger stands now; one that nothing was written to stands at zero."""
        return self.filter(pk=_ONLY).first() or Ledger()

    def take(self, count: int = 1) -> range:
        """The next numbers, for this transaction alone: the next writer waits until it ends.

        Taken last of all locks. A transaction that fails gives its numbers back, so that there are no gaps.
        """
        while (head := self._advance(count)) is None:
            self.bulk_create([Ledger()], ignore_conflicts=True)
        return range(head - count + 1, head + 1)

    def _advance(self, count: int) -> int | None:
        """One statement, as everybody else waits; Django has none that answers what it updated."""
        table = connection.ops.quote_name(Ledger._meta.db_table)
        with connection.cursor() as cursor:
            statement = f"UPDATE {table} SET head = head + %s WHERE id = %s RETURNING head"  # noqa: S608  # Our table.
            cursor.execute(statement, [count, _ONLY])
            row = cursor.fetchone()
        return None if row is None else int(row[0])

    def begin_epoch(self, *, base: int) -> "Ledger":
        """Every process learns anew, or from a snapshot of the new epoch. Needs a transaction."""
        self.take(0)
        self.filter(pk=_ONLY).update(epoch=F("epoch") + 1, base=base)
        return self.get(pk=_ONLY)


class Ledger(models.Model):
    """One row. A number from an automatic id would be given out before the commit; this one is not.

    `head` is the last number given. States of different epochs are different: a description of a picture made
    at number n is known to learning from n on, or from the beginning if n ≤ `base`.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=_ONLY, editable=False)
    head = models.PositiveBigIntegerField(_("last number"), default=0)
    epoch = models.PositiveIntegerField(_("epoch"), default=1)
    base = models.PositiveBigIntegerField(_("head when the epoch began"), default=0)

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


class Forgetting(models.Model):
    """`pseudonym` is a random number that names nobody any more once the visitor is deleted."""

    sequence = models.PositiveBigIntegerField(_("number in the ledger"), primary_key=True)
    pseudonym = models.BigIntegerField(_("pseudonym"))

    class Meta:
        verbose_name = _("forgotten visitor")
        verbose_name_plural = _("forgotten visitors")
        indexes = [models.Index(fields=["pseudonym"], name="forgetting_of_pseudonym")]

    def __str__(self) -> str:
        return str(self.sequence)
