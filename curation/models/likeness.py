"""What pictures look like, and which look almost the same."""

import uuid
from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from curation.models.act import Act
from garden.models import Image

CANDIDATES = [Image.State.POOL, Image.State.SERVING, Image.State.SHELVED]
"""Whoever is in the trash is no rival any more, nor is an original whose copy is in the garden."""


class AlikeGroupQuerySet(models.QuerySet["AlikeGroup"]):
    def open(self) -> Self:
        """Two or more pictures, and nobody has said what becomes of them."""
        return self.filter(settled_at=None, size__gte=2)

    def recount(self) -> None:
        """Set the sizes of these groups by what their pictures are now."""
        groups = list(self.values_list("pk", flat=True))
        rivals = Likeness.objects.filter(group__in=groups).rivals().order_by()
        sizes = dict(rivals.values_list("group").annotate(Count("pk")))
        stale = [AlikeGroup(pk=pk, size=sizes.get(pk, 0)) for pk in groups]
        AlikeGroup.objects.bulk_update(stale, ["size"], batch_size=300)


class AlikeGroup(models.Model):
    """Pictures that look almost the same. `size` counts those still in question."""

    size = models.PositiveIntegerField(_("pictures"), default=0)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = AlikeGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group of look-alikes")
        verbose_name_plural = _("groups of look-alikes")
        indexes = [
            models.Index(name="alike_group_open", fields=["-id"], condition=Q(settled_at__isnull=True, size__gte=2))
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.size})"


class LikenessQuerySet(models.QuerySet["Likeness"]):
    def rivals(self) -> Self:
        """Of pictures that are in the pool, the garden or on the shelf, and not disliked."""
        rivals = self.filter(image__state__in=CANDIDATES)
        return rivals.exclude(image__verdict=Image.Verdict.DISLIKE)


class Likeness(models.Model):
    """Hashes are stored as signed 64-bit numbers; the bands are those of `phash`, see `curation.likeness.bands`."""

    image = models.OneToOneField(
        Image, on_delete=models.CASCADE, primary_key=True, related_name="likeness", verbose_name=_("image")
    )
    phash = models.BigIntegerField(_("perceptual hash"))
    dhash = models.BigIntegerField(_("gradient hash"))
    band_0 = models.PositiveIntegerField(db_index=True, editable=False)
    band_1 = models.PositiveIntegerField(db_index=True, editable=False)
    band_2 = models.PositiveIntegerField(db_index=True, editable=False)
    band_3 = models.PositiveIntegerField(db_index=True, editable=False)
    sharpness = models.FloatField(_("sharpness"))
    group = models.ForeignKey(
        AlikeGroup, on_delete=models.SET_NULL, null=True, blank=True, related_name="members", verbose_name=_("group")
    )

    objects = LikenessQuerySet.as_manager()

    class Meta:
        verbose_name = _("likeness")
        verbose_name_plural = _("likenesses")

    def __str__(self) -> str:
        return f"{self.image_id}: {self.phash % (1 << 64):016x}"


class Settlement(models.Model):
    """What a curator said about a group. `id` is the client's: the same one twice is one."""

    class How(models.TextChoices):
        KEEP_BEST = "keep_best", _("keep the best, dislike the others")
        REMOVE_OTHERS = "remove_others", _("keep the best, remove the others")
        KEEP_ALL = "keep_all", _("keep all")
        NOT_ALIKE = "not_alike", _("not alike")

    id = models.UUIDField(_("id"), primary_key=True, default=uuid.uuid4, editable=False)
    how = models.CharField(_("what"), max_length=16, choices=How)
    group = models.ForeignKey(
        AlikeGroup, on_delete=models.SET_NULL, null=True, related_name="settlements", verbose_name=_("group")
    )
    best = models.ForeignKey(
        Image, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("kept")
    )
    images = models.JSONField(_("pictures"), default=list)
    act = models.OneToOneField(
        Act, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("act")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("word on look-alikes")
        verbose_name_plural = _("words on look-alikes")
        constraints = [
            models.CheckConstraint(
                name="settlement_how_known",
                condition=Q(how__in=["keep_best", "remove_others", "keep_all", "not_alike"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_how_display()} ({len(self.images)})"


class ApartQuerySet(models.QuerySet["Apart"]):
    def from_any(self, images: Iterable[int]) -> list[tuple[int, int]]:
        """Pairs whose first image is one of these."""
        return list(self.filter(first__in=list(images)).values_list("first_id", "second_id"))

    def beside(self, image: int) -> set[int]:
        """Images that somebody said this one is not like."""
        pairs = self.filter(Q(first=image) | Q(second=image)).values_list("first_id", "second_id")
        return {other for pair in pairs for other in pair} - {image}


class Apart(models.Model):
    """Two pictures that somebody said are not alike, the one with the smaller id first."""

    first = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="+", verbose_name=_("one"))
    second = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="+", verbose_name=_("other"))
    said_by = models.ForeignKey(
        Settlement, on_delete=models.CASCADE, null=True, related_name="pairs", verbose_name=_("said by")
    )

    objects = ApartQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair that is not alike")
        verbose_name_plural = _("pairs that are not alike")
        constraints = [
            models.UniqueConstraint(name="apart_once", fields=["first", "second"]),
            models.CheckConstraint(name="apart_in_order", condition=Q(first__lt=F("second"))),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"


class LikenessIndex(models.Model):
    """One row: the distance that all groups were made with, and up to when their sizes are counted."""

    distance = models.PositiveSmallIntegerField(_("distance (bits)"), null=True)
    counted_until = models.DateTimeField(_("counted until"), null=True)

    class Meta:
        verbose_name = _("index of look-alikes")
        verbose_name_plural = _("indexes of look-alikes")

    def __str__(self) -> str:
        return str(self.distance)
