"""How often an image was shown to a group of visitors, and how often they liked it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.models import Image
from recommend.backends.base import RateChange
from recommend.learning.groups import GROUPS


class ImageRateQuerySet(models.QuerySet["ImageRate"]):
    def changed_since(self, when: datetime) -> Self:
        return self.filter(updated_at__gte=when)

    def of_images(self, images: Sequence[int]) -> Self:
        return self.filter(image_id__in=images)

    def apply(self, changes: Sequence[RateChange]) -> None:
        """Add the changes to the counts, safe beside any number of other writers; needs a transaction.

        Rows are locked in one order, so that two writers never wait for each other in a circle.
        """
        now = timezone.now()
        rows = self._lock_rows(changes)
        for change in changes:
            counts = {"shown": F("shown") + change.shown, "liked": F("liked") + change.liked, "updated_at": now}
            self.filter(pk=rows[change.image, change.group]).update(**counts)

    def _lock_rows(self, changes: Sequence[RateChange]) -> dict[tuple[int, str], int]:
        wanted = sorted({(change.image, change.group) for change in changes})
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
