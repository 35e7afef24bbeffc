"""Messages of a bucket that could not be understood or carried out: set aside, so that the others go on."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SetAsideMessageQuerySet(models.QuerySet["SetAsideMessage"]):
    def set_aside(self, message_id: str, body: str, error: str) -> None:
        """Twice is once."""
        self.update_or_create(message_id=message_id, defaults={"body": body, "error": error, "at": timezone.now()})

    def oldest_first(self) -> Self:
        return self.order_by("at", "pk")


class SetAsideMessage(models.Model):
    message_id = models.CharField(_("message"), max_length=128, unique=True)
    body = models.TextField(_("body"))
    error = models.TextField(_("what was wrong"))
    at = models.DateTimeField(_("set aside"), default=timezone.now)

    objects = SetAsideMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message set aside")
        verbose_name_plural = _("messages set aside")

    def __str__(self) -> str:
        return self.message_id
