"""Fingerprints of pictures, and what curators say of near duplicates."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from curation.models.operation import BulkOperation
from garden.models import Image

CANDIDATES = [Image.State.POOL, Image.State.SERVING, Image.State.SHELVED]
"""A picture in the trash is no duplicate any more, nor is an original whose copy is in the garden."""


class FingerprintQuerySet(models.QuerySet["Fingerprint"]):
    def unresolved(self) -> Self:
        """Of pictures that are in the pool, the garden or on the shelf, and not disliked."""
        candidates = self.filter(image__state__in=CANDIDATES)
        return candidates.exclude(image__verdict=Image.Verdict.DISLIKE)

    def open_groups(self) -> Any:
        """Rows of `group`, `size` and `newest`, the newest first: two or more unresolved pictures, no resolution."""
        members = self.unresolved().filter(group__isnull=False, resolved_at=None)
        groups = members.order_by().values("group").annotate(size=Count("pk"), newest=Max("pk"))
        return groups.filter(size__gte=2).order_by("-newest")


class Fingerprint(models.Model):
    """What one picture looks like, and the group of near duplicates that it is in.

    Hashes are stored as signed 64-bit numbers; the bands are those of `phash`, see `curation.duplicates.hashing`.
    `group` is the smallest image id of the group; a picture without duplicates has none. All members of a group have
    the same `resolved_at`: a new member opens the group again. `not_alike` holds the ids of pictures that a curator
    said this one is no duplicate of, each with the id of the resolution that said so.
    """

    image = models.OneToOneField(
        Image, on_delete=models.CASCADE, primary_key=True, related_name="fingerprint", verbose_name=_("image")
    )
    phash = models.BigIntegerField(_("perceptual hash"))
    dhash = models.BigIntegerField(_("gradient hash"))
    band_0 = models.PositiveIntegerField(db_index=True, editable=False)
    band_1 = models.PositiveIntegerField(db_index=True, editable=False)
    band_2 = models.PositiveIntegerField(db_index=True, editable=False)
    band_3 = models.PositiveIntegerField(db_index=True, editable=False)
    sharpness = models.FloatField(_("sharpness"))
    group = models.PositiveBigIntegerField(_("group"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    not_alike = models.JSONField(_("not alike"), default=dict, blank=True, editable=False)

    objects = FingerprintQuerySet.as_manager()

    class Meta:
        verbose_name = _("fingerprint")
        verbose_name_plural = _("fingerprints")
        indexes = [
            models.Index(name="fingerprint_of_group", fields=["group"], condition=Q(group__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.image_id}: {self.phash % (1 << 64):016x}"


class Resolution(models.Model):
    """What a curator said about a group. `id` is the client's: the same one twice is one."""

    class How(models.TextChoices):
        KEEP_BEST = "keep_best", _("keep the best, dislike the others")
        REMOVE_OTHERS = "remove_others", _("keep the best, remove the others")
        KEEP_ALL = "keep_all", _("keep all")
        NOT_ALIKE = "not_alike", _("not alike")

    id = models.UUIDField(_("id"), primary_key=True, default=uuid.uuid4, editable=False)
    how = models.CharField(_("what"), max_length=16, choices=How)
    group = models.PositiveBigIntegerField(_("group"))
    best = models.ForeignKey(
        Image, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("kept")
    )
    images = models.JSONField(_("pictures"), default=list)
    operation = models.OneToOneField(
        BulkOperation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bulk operation"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("resolution of near duplicates")
        verbose_name_plural = _("resolutions of near duplicates")
        constraints = [
            models.CheckConstraint(
                name="resolution_how_known",
                condition=Q(how__in=["keep_best", "remove_others", "keep_all", "not_alike"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_how_display()} ({len(self.images)})"
