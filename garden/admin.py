"""The garden in Django admin."""

from django.contrib import admin
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.admin import APIKeyModelAdmin

from garden.models import Image, Kiosk, KioskKey, Visitor


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin[Image]):
    list_display = ["preview", "key", "emotion", "favorite", "orientation", "state", "origin", "created_at"]
    list_filter = ["state", "emotion", "orientation", "origin", "created_at"]
    search_fields = ["key", "favorite", "prompt"]
    list_per_page = 50
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": ["large_preview", "key", "state", "emotion", "favorite", "orientation"]}),
        (_("How it was made"), {"fields": ["origin", "model", "prompt", "parameters", "published_from"]}),
        (_("File"), {"fields": ["width", "height", "content_hash"]}),
        (_("Times"), {"fields": ["created_at", "published_at", "trashed_at", "changed_at"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Image | None = None) -> list[str]:
        """A picture is made and moved by services, which keep file and row together; here it is looked at."""
        return ["large_preview", *(field.name for field in Image._meta.fields)]

    def has_add_permission(self, request: HttpRequest) -> bool:
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


@admin.register(Kiosk)
class KioskAdmin(admin.ModelAdmin[Kiosk]):
    list_display = ["name", "place", "is_active", "last_seen_at"]
    list_filter = ["is_active"]
    search_fields = ["name", "place"]
    readonly_fields = ["last_seen_at"]


@admin.register(KioskKey)
class KioskKeyAdmin(APIKeyModelAdmin):
    list_display = ("name", "kiosk", "prefix", "created", "expiry_date", "revoked")
    autocomplete_fields = ["kiosk"]


def _picture(image: Image, height: int) -> SafeString:
    return format_html(
        '<img src="{}" alt="{}" height="{}" loading="lazy">', default_storage.url(image.key), image.prompt, height
    )
