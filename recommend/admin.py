"""Lists of slates, interactions and rates in the admin, read-only; and the recommendation dashboard."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.admin.base import LedgerAdmin
from recommend.dashboard import page_context
from recommend.models import DailyTally, ImageRate, Interaction, OutgoingEvent, Slate, Trial
from recommend.templatetags.rates import share


@admin.register(Interaction)
class InteractionAdmin(LedgerAdmin):
    list_display = ["created_at", "kind", "item_key", "visitor_id", "group"]
    list_filter = ["kind", "group", "created_at"]
    search_fields = ["=visitor__id", "item_key"]
    ordering = ["-id"]
    list_select_related = False


@admin.register(Slate)
class SlateAdmin(LedgerAdmin):
    list_display = [
        "created_at",
        "id",
        "emotion",
        "favorite",
        "visitor_id",
        "kiosk",
        "arm",
        "recommender",
        "personalized",
    ]
    list_filter = ["personalized", "arm", "emotion", "recommender", "kiosk", "created_at"]
    search_fields = ["=visitor__id"]
    ordering = ["-created_at"]
    list_select_related = ["kiosk"]


@admin.register(ImageRate)
class ImageRateAdmin(LedgerAdmin):
    list_display = ["image", "group", "shown", "liked", "like_rate", "updated_at"]
    list_filter = ["group"]
    search_fields = ["image__key"]
    ordering = ["-updated_at"]
    list_select_related = ["image"]

    @admin.display(description=_("likes per impression"))
    def like_rate(self, rate: ImageRate) -> str:
        return share(rate.liked, rate.shown)


@admin.register(Trial)
class TrialAdmin(LedgerAdmin):
    list_display = ["started_at", "started_by", "challenger", "share", "stopped_at", "stopped_by", "stopped_because"]
    list_filter = ["started_at", "stopped_at"]
    search_fields = ["challenger", "stopped_because"]
    ordering = ["-started_at"]


@admin.register(OutgoingEvent)
class OutgoingEventAdmin(LedgerAdmin):
    """Events not yet sent to Personalize, and those that it refused."""

    list_display = ["created_at", "visitor_id", "attempts", "due_at", "last_error", "refused_because"]
    list_filter = [("refused_because", admin.EmptyFieldListFilter), "created_at"]
    search_fields = ["last_error", "refused_because"]
    ordering = ["-id"]
    list_select_related = False
    actions = ["send_again"]

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("recommend.change_outgoingevent"))

    @admin.action(description=_("Send refused events again"), permissions=["resend"])
    def send_again(self, request: HttpRequest, events: QuerySet[OutgoingEvent]) -> None:
        events.update(refused_because="", due_at=timezone.now())


@admin.register(DailyTally)
class DashboardAdmin(LedgerAdmin):
    """The dashboard takes the place of the list of daily sums, with its permission."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        words = {"title": self.model._meta.verbose_name_plural, "opts": self.model._meta}
        context = {**self.admin_site.each_context(request), **words, **page_context(request)}
        return TemplateResponse(request, "admin/recommend/dashboard.html", context)
