"""Canvases (pictures opened for retouching), the tree of their versions, and presets."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.errors import RefusedError
from garden.models import Image
from garden.storage.keys import MAX_LENGTH
from generation.models.job import OPEN, Slot
from generation.retouch.settings import Crop, RetouchSettings


class CanvasQuerySet(models.QuerySet["Canvas"]):
    def of_image(self, image: Image) -> Self:
        """The canvas of an image's current file."""
        return self.filter(image=image, content_hash=image.content_hash)


class Canvas(models.Model):
    """An opened picture. `file` is a copy of it, so that later changes of the image do not change its versions."""

    id = models.UUIDField(_("id"), primary_key=True, default=uuid.uuid4, editable=False)
    image = models.ForeignKey(
        Image,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="canvases",
        verbose_name=_("image"),
        help_text=_("Empty: uploaded, or deleted since."),
    )
    title = models.CharField(_("title"), max_length=MAX_LENGTH)
    file = models.CharField(_("file"), max_length=MAX_LENGTH, unique=True)
    content_hash = models.CharField(_("SHA-256 of the file"), max_length=64)
    width = models.PositiveIntegerField(_("width (px)"))
    height = models.PositiveIntegerField(_("height (px)"))
    head = models.ForeignKey(
        "Version",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("current version"),
        help_text=_("Empty: the original picture."),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    created_at = models.DateTimeField(_("opened"), default=timezone.now)

    objects = CanvasQuerySet.as_manager()

    class Meta:
        verbose_name = _("canvas")
        verbose_name_plural = _("canvases")
        constraints = [
            models.UniqueConstraint(name="canvas_once_a_file", fields=["image", "content_hash"]),
            models.CheckConstraint(name="canvas_has_pixels", condition=models.Q(width__gt=0, height__gt=0)),
        ]

    def __str__(self) -> str:
        return self.title


DONE = Slot.State.DONE


class VersionQuerySet(models.QuerySet["Version"]):
    def done(self) -> Self:
        return self.filter(done_at__isnull=False)

    def reserved(self) -> Self:
        """Versions whose price is reserved: not finished, with an open slot."""
        return self.filter(done_at=None, price__gt=0, slot__state__in=OPEN)

    def in_order(self) -> Self:
        return self.order_by("number")


class Version(models.Model):
    """A node of a canvas's tree. It does not change once it is finished, except that it can be published.

    Its parent is the version that was edited; null is the picture as it was opened. `folder` holds the layers as
    files; versions that differ only in opacity share a folder.
    """

    id = models.UUIDField(_("id"), primary_key=True, default=uuid.uuid4, editable=False)
    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="versions", verbose_name=_("canvas"))
    number = models.PositiveIntegerField(_("number"))
    parent = models.ForeignKey(
        "self", on_delete=models.RESTRICT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    repeats = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="repeated_by",
        verbose_name=_("repeats"),
        help_text=_("The edit that was repeated, or whose opacity was changed."),
    )
    x = models.PositiveIntegerField(_("left (px)"))
    y = models.PositiveIntegerField(_("top (px)"))
    width = models.PositiveIntegerField(_("width (px)"))
    height = models.PositiveIntegerField(_("height (px)"))
    region = models.JSONField(_("region"), default=dict, blank=True, help_text=_("How the mask is made."))
    chosen = models.JSONField(_("settings"), default=dict)
    seed = models.BigIntegerField(_("seed"))
    opacity = models.FloatField(_("opacity"), default=1.0)
    folder = models.CharField(_("folder of the layers"), max_length=255)
    layers = models.JSONField(_("layers"), default=list)
    slot = models.OneToOneField(
        Slot, on_delete=models.SET_NULL, null=True, blank=True, related_name="version", verbose_name=_("slot")
    )
    price = models.PositiveSmallIntegerField(
        _("price"), default=0, db_default=0, help_text=_("Credits charged to the creator once it is finished.")
    )
    engine = models.CharField(_("engine"), max_length=64, blank=True)
    model = models.CharField(_("model"), max_length=255, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    created_at = models.DateTimeField(_("requested"), default=timezone.now)
    done_at = models.DateTimeField(_("finished"), null=True, blank=True)
    image = models.OneToOneField(
        Image,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="version",
        verbose_name=_("image"),
        help_text=_("The published picture in the pool."),
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        permissions = [
            ("retouch", "Can retouch pictures"),
            ("retouch_without_credits", "Can retouch without spending credits"),
        ]
        indexes = [
            models.Index(name="version_unpaid", fields=["by"], condition=Q(done_at=None, price__gt=0)),
        ]
        constraints = [
            models.UniqueConstraint(name="version_numbered_once", fields=["canvas", "number"]),
            models.CheckConstraint(name="version_opacity_is_a_share", condition=Q(opacity__gte=0, opacity__lte=1)),
            models.CheckConstraint(name="version_crop_is_large_enough", condition=Q(width__gte=64, height__gte=64)),
            models.CheckConstraint(name="version_is_not_its_parent", condition=~Q(parent=F("id"))),
        ]

    def __str__(self) -> str:
        return f"{self.canvas_id} v{self.number}"

    @property
    def crop(self) -> Crop:
        return Crop(self.x, self.y, self.width, self.height)

    @property
    def settings(self) -> RetouchSettings:
        return RetouchSettings.from_json(self.chosen)

    @property
    def state(self) -> str:
        """A SlotState."""
        if self.done_at is not None:
            return DONE
        return self.slot.state if self.slot else Slot.State.CANCELLED

    def key_of(self, layer: str) -> str:
        return f"{self.folder}/{layer}.png"

    def described(self) -> dict[str, Any]:
        """Parameters stored with a picture that was made from this version."""
        return {
            "version": str(self.pk),
            "crop": self.crop.as_json(),
            **self.chosen,
            "seed": self.seed,
            "opacity": self.opacity,
        }


class RetouchPreset(models.Model):
    """Some or all settings; the others stay as they are when the preset is applied."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    chosen = models.JSONField(_("settings"), default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    created_at = models.DateTimeField(_("saved"), default=timezone.now)

    class Meta:
        verbose_name = _("retouch preset")
        verbose_name_plural = _("retouch presets")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        try:
            self.chosen = RetouchSettings.part_as_json(self.chosen)
        except RefusedError as error:
            raise ValidationError({"chosen": error.detail}) from error
