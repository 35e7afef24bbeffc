"""Webhooks: where a site wants to be notified of what, and the outbox of their events."""

import secrets
import uuid
from datetime import timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.settings.connections import is_receiver
from garden.signed_post import wait_after

MAX_TRIES = 16
LONGEST_WAIT = timedelta(hours=2)
"""With MAX_TRIES: an event is tried for about 16 hours."""
LONGEST_PAUSE = timedelta(minutes=15)
"""Of a receiver that fails, for all of its events."""
KEPT = timedelta(days=7)


class WebhookEvent(models.TextChoices):
    """Each is also the field of Webhook that asks for it."""

    PICTURE_LIKED = "picture_liked", _("picture liked")
    WALL_CHANGED = "wall_changed", _("wall changed")


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def check_receiver(url: str) -> None:
    if not is_receiver(url):
        raise ValidationError(_("Must begin with https:// (http:// on this machine)."))


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def asking_for(self, event: WebhookEvent) -> Self:
        return self.filter(is_enabled=True, **{event.value: True})


class Webhook(models.Model):
    """A receiver. `failures` counts those since the last success; until `retry_at` nothing is sent to it."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    address = models.CharField(_("address"), max_length=500, validators=[check_receiver])
    secret = models.CharField(
        _("secret"),
        max_length=200,
        default=new_secret,
        validators=[MinLengthValidator(16)],
        help_text=_("Signs every message. The receiver needs it to verify them."),
    )
    picture_liked = models.BooleanField(_("picture liked"), default=False)
    wall_changed = models.BooleanField(_("wall changed"), default=False)
    is_enabled = models.BooleanField(
        _("enabled"), default=True, help_text=_("No event is recorded or sent while it is not.")
    )
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    retry_at = models.DateTimeField(_("next try"), default=timezone.now, editable=False)
    last_error = models.CharField(_("last error"), max_length=200, blank=True, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def note_success(self) -> None:
        if self.failures:
            Webhook.objects.filter(pk=self.pk).update(failures=0, retry_at=timezone.now(), last_error="")

    def note_failure(self, error: str) -> None:
        failures = self.failures + 1
        retry_at = timezone.now() + wait_after(failures, LONGEST_PAUSE)
        Webhook.objects.filter(pk=self.pk).update(failures=failures, retry_at=retry_at, last_error=error[:200])


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def waiting(self) -> Self:
        return self.filter(delivered_at=None, attempts__lt=MAX_TRIES, webhook__is_enabled=True)

    def due(self) -> Self:
        """Those tried least come first, so that none that is always refused stops the others."""
        now = timezone.now()
        return self.waiting().filter(due_at__lte=now, webhook__retry_at__lte=now).order_by("attempts", "pk")

    def old(self) -> Self:
        return self.filter(created_at__lt=timezone.now() - KEPT)

    def claim(self) -> "WebhookDelivery | None":
        """The next one that is due, its try counted: a process that is killed now is followed by another try."""
        while found := self.due().select_related("webhook").first():
            attempts, due_at = found.attempts + 1, timezone.now() + wait_after(found.attempts + 1, LONGEST_WAIT)
            if self.filter(pk=found.pk, attempts=found.attempts).update(attempts=attempts, due_at=due_at):
                found.attempts = attempts
                return found
        return None


class WebhookDelivery(models.Model):
    """An event for one webhook, written in the transaction of what happened. `due_at` is when it may be tried next."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("webhook"))
    event = models.CharField(_("event"), max_length=32, choices=WebhookEvent)
    event_id = models.UUIDField(_("event id"), default=uuid.uuid4)
    data = models.JSONField(_("data"), default=dict)
    created_at = models.DateTimeField(_("created"), default=timezone.now, db_index=True)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ["-pk"]
        indexes = [
            models.Index(name="webhook_delivery_due", fields=["due_at"], condition=models.Q(delivered_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.event_id}"

    @property
    def is_given_up(self) -> bool:
        return self.delivered_at is None and self.attempts >= MAX_TRIES
