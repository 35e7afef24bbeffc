"""Sums over all pictures, kept so that a page need not compute them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Figures(models.Model):
    """One roll-up of the dashboard; whoever shows it shows its age."""

    name = models.CharField(_("name"), max_length=32, primary_key=True)
    data = models.JSONField(_("figures"))
    computed_at = models.DateTimeField(_("computed"), default=timezone.now)
    seconds = models.FloatField(_("seconds it took"), default=0)

    class Meta:
        verbose_name = _("figures of the dashboard")
        verbose_name_plural = _("figures of the dashboard")

    def __str__(self) -> str:
        return self.name
