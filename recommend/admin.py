"""What was shown and said, in Django admin. Looked at, never edited: it is a ledger."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from recommend.models import ImageRate, Interaction, Slate


class LedgerAdmin(admin.ModelAdmin[Any]):
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Interaction)
class InteractionAdmin(LedgerAdmin):
    list_display = ["created_at", "kind", "item_key", "visitor_id", "group"]
    list_filter = ["kind", "group", "created_at"]
    search_fields = ["=visitor__id", "item_key"]
    ordering = ["-id"]
    list_select_related = False


@admin.register(Slate)
class SlateAdmin(LedgerAdmin):
    list_display = ["created_at", "id", "emotion", "favorite", "visitor_id", "kiosk", "recommender", "personalized"]
    list_filter = ["personalized", "emotion", "recommender", "kiosk", "created_at"]
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

    @admin.display(description=_("likes per look"))
    def like_rate(self, rate: ImageRate) -> str:
        return f"{rate.liked / rate.shown:.0%}" if rate.shown else "–"
