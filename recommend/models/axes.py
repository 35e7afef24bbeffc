"""The directions in which this site's pictures differ, in what an encoder sees of them."""

import io
from typing import Any

import numpy as np
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommend.learning.axes import Axes


class PictureAxesQuerySet(models.QuerySet["PictureAxes"]):
    def of_version(self, version: int) -> "PictureAxes | None":
        return self.filter(pk=version).first()

    def since(self, version: int) -> int:
        """The number of the ledger from which on descriptions of this version know their axes; 0 without any."""
        return self.filter(pk=version).values_list("sequence", flat=True).first() or 0


class PictureAxes(models.Model):
    """Found once for each version of descriptions, as soon as there are pictures enough; then they stay.

    Descriptions up to `sequence` did not know them: they have nothing of what the encoder sees.
    """

    version = models.PositiveSmallIntegerField(_("version"), primary_key=True)
    sequence = models.PositiveBigIntegerField(_("number in the ledger"))
    pictures = models.PositiveIntegerField(_("pictures"), help_text=_("how many they were found from"))
    state = models.BinaryField(_("state"))

    objects = PictureAxesQuerySet.as_manager()

    class Meta:
        verbose_name = _("axes of pictures")
        verbose_name_plural = _("axes of pictures")

    def __str__(self) -> str:
        return f"version {self.version}, pictures: {self.pictures}"

    def axes(self) -> Axes:
        with np.load(io.BytesIO(bytes(self.state)), allow_pickle=False) as arrays:
            return Axes(0, arrays["centre"], arrays["directions"])


def pack_axes(axes: Axes) -> bytes:
    file = io.BytesIO()
    arrays: dict[str, Any] = {"centre": axes.centre, "directions": axes.directions}
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()
