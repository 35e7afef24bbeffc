"""That somebody is to be forgotten, in the order of the ledger, so that every process forgets them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Forgetting(models.Model):
    """`pseudonym` is a random number that names nobody any more once the visitor is deleted."""

    sequence = models.PositiveBigIntegerField(_("number in the ledger"), primary_key=True)
    pseudonym = models.BigIntegerField(_("pseudonym"))

    class Meta:
        verbose_name = _("forgotten visitor")
        verbose_name_plural = _("forgotten visitors")
        indexes = [models.Index(fields=["pseudonym"], name="forgetting_of_pseudonym")]

    def __str__(self) -> str:
        return str(self.sequence)
