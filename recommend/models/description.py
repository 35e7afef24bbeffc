"""Features of pictures: rows are added and never changed, so that history is learned with the features of its time."""

import numpy as np
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from garden.models import Image
from recommend.models.ledger import Snapshot


class DescriptionQuerySet(models.QuerySet["Description"]):
    def missing(self, version: int) -> models.QuerySet[Image]:
        """Serving images without a description of this version, or without one since its axes are known."""
        known_from = Snapshot.objects.known_from(version)
        described = self.filter(version=version, sequence__gt=known_from, image_id=OuterRef("pk"))
        return Image.objects.serving().filter(~Exists(described))


class Description(models.Model):
    """The vector of one image from `sequence` on; the latest one counts.

    It remains after its image is deleted, as what was learned from it does.
    """

    sequence = models.PositiveBigIntegerField(_("number in the ledger"), primary_key=True)
    image = models.ForeignKey(
        Image,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="descriptions",
        verbose_name=_("image"),
    )
    version = models.PositiveSmallIntegerField(_("version"))
    vector = models.BinaryField(_("vector"), help_text=_("float32, little-endian"))

    objects = DescriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("description")
        verbose_name_plural = _("descriptions")
        indexes = [models.Index(fields=["image", "version", "sequence"], name="description_of_image")]

    def __str__(self) -> str:
        return f"{self.image_id} (version {self.version})"


def pack(vector: NDArray[np.float32]) -> bytes:
    return vector.astype("<f4").tobytes()


def unpack(vector: bytes) -> NDArray[np.float32]:
    return np.frombuffer(vector, "<f4").astype(np.float32, copy=False)
