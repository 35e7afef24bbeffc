"""Webhooks and their deliveries."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from garden.admin.base import LedgerAdmin, WithItsLedgers
from garden.broker import enqueue
from garden.models import Webhook, WebhookDelivery
from garden.webhooks import send_test

LAST = 20


def _outcome(delivery: WebhookDelivery) -> str:
    if delivery.delivered_at:
        return gettext("delivered")
    state = gettext("given up") if delivery.is_given_up else gettext("waiting")
    return f"{state} ({delivery.last_error})" if delivery.last_error else state


@admin.register(Webhook)
class WebhookAdmin(WithItsLedgers):
    """Its secret and its address are shown to those who may change it."""

    list_display = ["name", "picture_liked", "wall_changed", "is_enabled", "failures", "retry_at", "last_error"]
    list_filter = ["is_enabled", "picture_liked", "wall_changed"]
    search_fields = ["name", "last_error"]
    actions = ["test"]
    readonly_fields = ["last_deliveries", "failures", "retry_at", "last_error"]
    fieldsets = [
        (None, {"fields": ["name", "address", "secret", "is_enabled"]}),
        (_("Events"), {"fields": ["picture_liked", "wall_changed"]}),
        (_("Deliveries"), {"fields": ["failures", "retry_at", "last_error", "last_deliveries"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.fieldsets[:2]
        if self.has_change_permission(request, obj):
            return self.fieldsets
        return [(None, {"fields": ["name", "is_enabled"]}), *self.fieldsets[1:]]

    @admin.display(description=_("last deliveries"))
    def last_deliveries(self, webhook: Webhook) -> SafeString:
        rows = (
            (date_format(localtime(row.created_at), "SHORT_DATETIME_FORMAT"), row.get_event_display(), _outcome(row))
            for row in webhook.deliveries.all()[:LAST]
        )
        return format_html_join("", "<div>{} · {} · {}</div>", rows)

    @admin.action(description=_("Send a test event"), permissions=["change"])
    def test(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        for webhook in queryset:
            if error := send_test(webhook):
                messages.error(request, f"{webhook}: {error}")
            else:
                messages.success(request, _("%(webhook)s received the test event.") % {"webhook": webhook})


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(LedgerAdmin):
    list_display = ["created_at", "webhook", "event", "outcome", "attempts", "due_at", "delivered_at", "event_id"]
    list_filter = ["webhook", "event", ("delivered_at", admin.EmptyFieldListFilter), "created_at"]
    list_select_related = ["webhook"]
    search_fields = ["event_id", "data", "last_error"]
    actions = ["send_again"]

    @admin.display(description=_("outcome"))
    def outcome(self, delivery: WebhookDelivery) -> str:
        return _outcome(delivery)

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("garden.change_webhook"))

    @admin.action(description=_("Send these events again"), permissions=["resend"])
    def send_again(self, request: HttpRequest, deliveries: QuerySet[WebhookDelivery]) -> None:
        """Also those that arrived: under the same ids."""
        deliveries.order_by().update(attempts=0, due_at=timezone.now(), delivered_at=None)
        enqueue("garden.tasks.deliver_webhooks")
