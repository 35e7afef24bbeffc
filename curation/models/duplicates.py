"""Fingerprints of pictures, by which near duplicates are found."""

from typing import Any, Self

from django.db import models
from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

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
