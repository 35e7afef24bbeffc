"""Canvases, versions, readings, words and presets in Django admin; the studio is where pictures are changed."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from import_export.resources import ModelResource

from garden.admin.base import ImportExportAdmin, LedgerAdmin
from generation.models import BatchItem, Canvas, RetouchBatch, RetouchPreset, TagReading, TagWord, Version


@admin.register(Canvas)
class CanvasAdmin(LedgerAdmin):
    list_display = ["preview", "title", "width", "height", "by", "created_at"]
    list_display_links = ["title"]
    list_filter = ["by", "created_at"]
    list_select_related = ["by"]
    search_fields = ["title", "by__username"]
    ordering = ["-created_at"]

    @admin.display(description=_("picture"))
    def preview(self, canvas: Canvas) -> SafeString:
        picture = reverse("curation:api-canvas-picture", args=[canvas.pk])
        return format_html('<img src="{}" alt="" height="72" loading="lazy">', picture)


@admin.register(Version)
class VersionAdmin(LedgerAdmin):
    list_display = ["canvas", "number", "parent", "engine", "model", "seed", "opacity", "by", "created_at", "done_at"]
    list_filter = ["engine", "model", "by", "created_at"]
    list_select_related = ["canvas", "by", "parent"]
    search_fields = ["canvas__title", "by__username"]
    ordering = ["-created_at"]


@admin.register(RetouchBatch)
class RetouchBatchAdmin(LedgerAdmin):
    list_display = ["title", "by", "created_at", "run_at", "job"]
    list_filter = ["by", "created_at"]
    list_select_related = ["by", "job"]
    search_fields = ["title", "by__username"]
    ordering = ["-created_at"]


@admin.register(BatchItem)
class BatchItemAdmin(LedgerAdmin):
    list_display = ["name", "batch", "number", "shown_state", "version", "error"]
    list_filter = ["slot__state", "batch__created_at"]
    list_select_related = ["batch", "slot", "version"]
    search_fields = ["name", "batch__title"]
    ordering = ["-batch__created_at", "number"]

    @admin.display(description=_("state"))
    def shown_state(self, item: BatchItem) -> str:
        return item.slot.get_state_display() if item.slot else "–"


@admin.register(TagReading)
class TagReadingAdmin(LedgerAdmin):
    list_display = ["canvas", "tagger", "by", "created_at", "done_at"]
    list_filter = ["tagger", "created_at"]
    list_select_related = ["canvas", "by"]
    search_fields = ["canvas__title", "by__username"]
    ordering = ["-created_at"]


class TagWordResource(ModelResource):
    """Rows with an id change that word, rows without one are new."""

    class Meta:
        model = TagWord
        fields = ("id", "text", "kind", "active")
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True


@admin.register(TagWord)
class TagWordAdmin(ImportExportAdmin):
    resource_classes = [TagWordResource]
    list_display = ["text", "kind", "active"]
    list_editable = ["active"]
    list_filter = ["kind", "active"]
    search_fields = ["text"]


class RetouchPresetResource(ModelResource):
    """Presets by name, their settings as JSON."""

    class Meta:
        model = RetouchPreset
        fields = ("id", "name", "chosen")
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True


@admin.register(RetouchPreset)
class RetouchPresetAdmin(ImportExportAdmin):
    resource_classes = [RetouchPresetResource]
    list_display = ["name", "by", "created_at"]
    list_filter = ["by", "created_at"]
    list_select_related = ["by"]
    search_fields = ["name"]
