"""Collections: pictures that curators put together under a name, whatever their state."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.models import Image


class Collection(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("who"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    images = models.ManyToManyField(
        Image, related_name="collections", blank=True, editable=False, verbose_name=_("images")
    )

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")

    def __str__(self) -> str:
        return self.name
