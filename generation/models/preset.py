"""Settings of the retouch studio that curators gave a name."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.errors import RefusedError
from generation.retouch.settings import RetouchSettings


class RetouchPreset(models.Model):
    """Some or all settings: what a preset does not name stays as the curator had it."""

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
        """Refuses what no retouch could be asked for."""
        try:
            read: dict[str, Any] = RetouchSettings.from_json(self.chosen).as_json()
        except RefusedError as error:
            raise ValidationError({"chosen": error.detail}) from error
        self.chosen = {name: read[name] for name in self.chosen}
