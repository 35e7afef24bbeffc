"""What is known of files, and messages that could not be carried out."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from garden.admin.ledger import LedgerAdmin
from garden.models import ImageFile, SetAsideMessage


@admin.register(ImageFile)
class ImageFileAdmin(LedgerAdmin):
    list_display = ["image", "size", "tag", "modified_at"]
    list_filter = ["modified_at"]
    list_select_related = ["image"]
    search_fields = ["image__key", "=tag"]
    ordering = ["-image_id"]


@admin.register(SetAsideMessage)
class SetAsideMessageAdmin(LedgerAdmin):
    list_display = ["at", "message_id", "error"]
    list_filter = ["at"]
    search_fields = ["message_id", "body", "error"]
    ordering = ["-at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who looked into it may throw it away."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)
