"""Short random addresses of souvenirs. They name a picture, never a visitor."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.models.image import Image

CODE_LENGTH = 12


class SouvenirLinkQuerySet(models.QuerySet["SouvenirLink"]):
    def valid(self) -> Self:
        return self.filter(expires_at__gt=timezone.now())

    def expired(self) -> Self:
        return self.filter(expires_at__lte=timezone.now())


class SouvenirLink(models.Model):
    code = models.CharField(_("code"), max_length=CODE_LENGTH, unique=True)
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="souvenir_links", verbose_name=_("image"))
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), db_index=True)

    objects = SouvenirLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("souvenir link")
        verbose_name_plural = _("souvenir links")

    def __str__(self) -> str:
        return self.code
