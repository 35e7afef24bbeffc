"""Webhooks: events are recorded with what happened, and delivered at least once, each with an id that stays the same.

The row is the truth: the message to a worker only wakes it, and a sweep makes up for lost ones.
"""

import logging
import time
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from garden.broker import enqueue
from garden.models import Webhook, WebhookDelivery
from garden.models.webhook import WebhookEvent
from garden.signed_post import PostError, post_signed

logger = logging.getLogger(__name__)
RUN_SECONDS = 10.0
"""Of one run; the sweep goes on with the rest. Other short work waits no longer than this and one timeout."""
TEST = "test"


def record_event(event: WebhookEvent, data: Mapping[str, Any], at: datetime) -> None:
    """For each webhook that asks for it, in the caller's transaction. Nothing in `data` is about a visitor."""
    webhooks = list(Webhook.objects.asking_for(event))
    if not webhooks:
        return
    event_id = uuid.uuid4()
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(webhook=webhook, event=event, event_id=event_id, data=data, created_at=at)
        for webhook in webhooks
    )
    enqueue("garden.tasks.deliver_webhooks")


def deliver() -> int:
    """Send what is due; returns how many arrived."""
    until = time.monotonic() + RUN_SECONDS
    delivered = 0
    while time.monotonic() < until and (delivery := WebhookDelivery.objects.all().claim()):
        delivered += _send(delivery)
    return delivered


def send_test(webhook: Webhook) -> str:
    """Send a test event now, also while it is disabled; why it failed, or nothing."""
    try:
        _post(webhook, TEST, uuid.uuid4(), timezone.now(), {})
    except PostError as error:
        return str(error)
    webhook.note_success()
    return ""


def _send(delivery: WebhookDelivery) -> bool:
    row = WebhookDelivery.objects.filter(pk=delivery.pk)
    webhook = delivery.webhook
    try:
        _post(webhook, delivery.event, delivery.event_id, delivery.created_at, delivery.data)
    except PostError as error:
        logger.warning("Event %s did not reach the webhook %s: %s", delivery.event_id, webhook, error)
        row.update(last_error=str(error)[:200])
        webhook.note_failure(str(error))
        return False
    row.update(delivered_at=timezone.now(), last_error="")
    webhook.note_success()
    return True


def _post(webhook: Webhook, event: str, event_id: uuid.UUID, at: datetime, data: Mapping[str, Any]) -> None:
    """Raises PostError."""
    message = {"id": str(event_id), "event": event, "at": at.isoformat(), "data": data}
    post_signed(webhook.address, message, webhook.secret)
