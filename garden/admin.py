"""The garden in Django admin."""

from django.contrib import admin
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.admin import APIKeyModelAdmin
from rest_framework_api_key.models import APIKey

from garden.models import Image, Kiosk, KioskKey, Visitor

admin.site.site_header = admin.site.site_title = _("Emotion Garden")
# The package's own keys open nothing here: a kiosk's key belongs to its kiosk.
admin.site.unregister(APIKey)


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin[Image]):
    list_display = ["preview", "key", "emotion", "favorite", "orientation", "state", "origin", "created_at"]
    list_filter = ["state", "emotion", "orientation", "origin", "created_at"]
    search_fields = ["key", "favorite", "prompt"]
    list_display_links = ["preview", "key"]
    list_per_page = 50
    show_full_result_count = False
    readonly_fields = ["large_preview"]
    fieldsets = [
        (None, {"fields": ["large_preview", "key", "state", "emotion", "favorite", "orientation"]}),
        (_("How it was made"), {"fields": ["origin", "model", "prompt", "parameters", "published_from"]}),
        (_("File"), {"fields": ["width", "height", "content_hash"]}),
        (_("Times"), {"fields": ["created_at", "published_at", "trashed_at", "changed_at"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        """A picture is made and moved by services, which keep file and row together; here it is looked at."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        return False

    @admin.display(description=_("picture"))
    def preview(self, image: Image) -> SafeString:
        return _picture(image, height=72)

    @admin.display(description=_("picture"))
    def large_preview(self, image: Image) -> SafeString:
        return _picture(image, height=400)


@admin.register(Visitor)
class VisitorAdmin(admin.ModelAdmin[Visitor]):
    list_display = ["id", "emotion", "generation", "gender", "last_seen_at"]
    list_filter = ["emotion", "generation", "gender"]
    search_fields = ["id"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Visitor | None = None) -> bool:
        """Visitors can be looked at and forgotten; another id would make another visitor."""
        return False


@admin.register(Kiosk)
class KioskAdmin(admin.ModelAdmin[Kiosk]):
    list_display = ["name", "place", "is_active", "last_seen_at"]
    list_filter = ["is_active"]
    search_fields = ["name", "place"]
    ordering = ["name"]
    readonly_fields = ["last_seen_at"]


@admin.register(KioskKey)
class KioskKeyAdmin(APIKeyModelAdmin):
    list_display = ("name", "kiosk", "prefix", "created", "expiry_date", "revoked")
    autocomplete_fields = ["kiosk"]


def _picture(image: Image, height: int) -> SafeString:
    return format_html(
        '<img src="{}" alt="{}" height="{}" loading="lazy">', default_storage.url(image.key), image.prompt, height
    )
