"""A picture on the easel: what was opened to be retouched, kept as it was."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.models import Image
from garden.storage.keys import MAX_LENGTH


class CanvasQuerySet(models.QuerySet["Canvas"]):
    def of_image(self, image: Image) -> Self:
        """The canvas of an image's present file."""
        return self.filter(image=image, content_hash=image.content_hash)


class Canvas(models.Model):
    """An opened picture. `file` is a copy of what was opened, so that nothing done elsewhere changes its versions."""

    id = models.UUIDField(_("id"), primary_key=True, default=uuid.uuid4, editable=False)
    image = models.ForeignKey(
        Image,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="canvases",
        verbose_name=_("image"),
        help_text=_("Empty: it was uploaded, or purged since."),
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
        help_text=_("Empty: the picture as it was opened."),
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
