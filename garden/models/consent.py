"""That somebody agreed to what a notice said: when, to which words, where. Nothing of a face, no name, no visitor."""

import uuid
from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.models.kiosk import Kiosk

VALID = timedelta(minutes=15)
"""One visit: who looks again after a failed photo need not agree again; the next visitor must."""


class ConsentQuerySet(models.QuerySet["Consent"]):
    def valid(self) -> Self:
        return self.filter(given_at__gt=timezone.now() - VALID)

    def older_than(self, days: int) -> Self:
        return self.filter(given_at__lt=timezone.now() - timedelta(days=days))


class Consent(models.Model):
    class By(models.TextChoices):
        VISITOR = "visitor", _("the visitor")
        GUARDIAN = "guardian", _("a guardian")

    id = models.UUIDField(_("number"), primary_key=True, default=uuid.uuid4, editable=False)
    given_at = models.DateTimeField(_("given"), default=timezone.now, db_index=True)
    kiosk = models.ForeignKey(
        Kiosk, on_delete=models.SET_NULL, null=True, blank=True, related_name="consents", verbose_name=_("kiosk")
    )
    pack = models.CharField(_("rules"), max_length=32)
    notice = models.CharField(_("version of the notice"), max_length=16)
    language = models.CharField(_("language"), max_length=16)
    statements = models.JSONField(_("statements"), default=list)
    by = models.CharField(_("given by"), max_length=16, choices=By)
    signed = models.BooleanField(_("signed"), default=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self) -> str:
        return str(self.id)
