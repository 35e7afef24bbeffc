"""How often an image was shown to a group of visitors, and how often they liked it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.models import Image
from recommend.learning.groups import GROUPS


@dataclass(frozen=True, slots=True)
class RateChange:
    """What an interaction adds to the counts of an image (its database id) in a visitor group."""

    image: int
    group: str
    shown: int
    liked: int


class ImageRateQuerySet(models.QuerySet["ImageRate"]):
    def apply(self, changes: Sequence[RateChange]) -> None:
        """Add the changes to the counts, safe beside any number of other writers; needs a transaction.

        Rows are locked in one order, so that two writers never wait for each other in a circle.
        """
        now = timezone.now()
        sums = _summed(changes)
        rows = self._lock_rows(sorted(sums))
        alike = defaultdict(list)
        for key, change in sums.items():
            alike[change].append(rows[key])
        for (shown, liked), keys in alike.items():
            self.filter(pk__in=keys).update(shown=F("shown") + shown, liked=F("liked") + liked, updated_at=now)

    def _lock_rows(self, wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], int]:
        rows = self._lock(wanted)
        missing = [ImageRate(image_id=image, group=group) for image, group in wanted if (image, group) not in rows]
        if not missing:
            return rows
        self.bulk_create(missing, ignore_conflicts=True)
        return self._lock(wanted)

    def _lock(self, wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], int]:
        images, groups = {image for image, _ in wanted}, {group for _, group in wanted}
        rows = self.select_for_update().filter(image_id__in=images, group__in=groups).order_by("image_id", "group")
        return {(image, group): pk for image, group, pk in rows.values_list("image_id", "group", "pk")}


def _summed(changes: Iterable[RateChange]) -> dict[tuple[int, str], tuple[int, int]]:
    """What is added to `shown` and `liked` of each image and group."""
    sums: defaultdict[tuple[int, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
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
    liked = models.PositiveIntegerField(_("liked"), default=0)
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
