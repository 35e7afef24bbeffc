"""What became of thumbnails: which pictures have a broken file, and why."""

from django.contrib import admin

from garden.admin.ledger import LedgerAdmin
from garden.models import Thumbnail


@admin.register(Thumbnail)
class ThumbnailAdmin(LedgerAdmin):
    list_display = ["image", "made_at", "attempts", "retry_at", "error"]
    list_filter = ["attempts", "made_at"]
    list_select_related = ["image"]
    search_fields = ["image__key", "error"]
    ordering = ["-image"]
