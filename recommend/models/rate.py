"""How often an image was shown to a group of visitors, and how often they liked it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from garden.models import Image
from recommend.bandit.context import GROUPS

_BATCH = 1_000
_Row = tuple[int, str]
"""An image and a group."""
_Sum = tuple[int, int]
"""What is added to `shown` and to `liked`."""


@dataclass(frozen=True, slots=True)
class RateChange:
    """What an interaction adds to the counts of an image (its database id) in a visitor group."""

    image: int
    group: str
    shown: int
    liked: int


class ImageRateQuerySet(models.QuerySet["ImageRate"]):
    def apply(self, changes: Sequence[RateChange]) -> None:
        """Add the changes to the counts, safe with any number of concurrent writers; needs a transaction.

        Rows are locked in one order, which prevents deadlocks.
        """
        sums = _summed(changes)
        if all(0 <= liked <= shown for shown, liked in sums.values()):
            self._add(sums)
            return
        for row in sorted(sums):
            if not self._change(row, sums[row]):
                self._add({row: sums[row]})

    def _add(self, sums: Mapping[_Row, _Sum]) -> None:
        """Insert rows, or add to those that exist, in one statement."""
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        rows = [(*row, *sums[row], now) for row in sorted(sums)]
        with connection.cursor() as cursor:
            for start in range(0, len(rows), _BATCH):
                some = rows[start : start + _BATCH]
                cursor.execute(_adding(len(some)), list(chain.from_iterable(some)))

    def _change(self, row: _Row, change: _Sum) -> int:
        """Returns how many rows there were: one, or none."""
        (image, group), (shown, liked) = row, change
        found = self.filter(image_id=image, group=group)
        return found.update(shown=F("shown") + shown, liked=F("liked") + liked, updated_at=timezone.now())


def _adding(count: int) -> str:
    """Django's upsert replaces values; this one adds them."""
    table, group = map(connection.ops.quote_name, (ImageRate._meta.db_table, "group"))
    values = ", ".join(["(%s, %s, %s, %s, %s)"] * count)
    return (
        f"INSERT INTO {table} (image_id, {group}, shown, liked, updated_at) VALUES {values} "  # noqa: S608  # Our table.
        f"ON CONFLICT (image_id, {group}) DO UPDATE SET shown = {table}.shown + excluded.shown, "
        f"liked = {table}.liked + excluded.liked, updated_at = excluded.updated_at"
    )


def _summed(changes: Iterable[RateChange]) -> dict[_Row, _Sum]:
    sums: defaultdict[_Row, _Sum] = defaultdict(lambda: (0, 0))
    for change in changes:
        shown, liked = sums[change.image, change.group]
        sums[change.image, change.group] = shown + change.shown, liked + change.liked
    return dict(sums)


class ImageRate(models.Model):
    """Counts, the sum of the interactions' rate changes; `rebuild_rates` recomputes them from there."""

    image = models.ForeignKey(
        Image, on_delete=models.CASCADE, db_index=False, related_name="rates", verbose_name=_("image")
    )
    group = models.CharField(_("visitor group"), max_length=32)
    shown = models.PositiveIntegerField(_("shown"), default=0)
    liked = models.PositiveIntegerField(pgettext_lazy("visitor", "liked"), default=0)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, db_index=True)

    objects = ImageRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("like-rate")
        verbose_name_plural = _("like-rates")
        constraints = [
            models.UniqueConstraint(fields=["image", "group"], name="rate_of_image_and_group"),
            models.CheckConstraint(name="rate_group_known", condition=Q(group__in=GROUPS)),
            models.CheckConstraint(name="rate_liked_was_shown", condition=Q(liked__lte=F("shown"))),
        ]

    def __str__(self) -> str:
        return f"{self.image_id} {self.group}: {self.liked}/{self.shown}"
