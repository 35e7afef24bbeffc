"""Django admin of curation. But for a garden's targets these are records: curators work on pages of their own."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from curation.models import (
    BulkOperation,
    BulkOperationItem,
    Collection,
    Decision,
    Fingerprint,
    Garden,
    Release,
    ReleaseChange,
)
from garden.admin.base import ExportAdmin, LedgerAdmin


def _link(address: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, _("look"))


@admin.register(Decision)
class DecisionAdmin(LedgerAdmin):
    """Shows and exports what the reader may know of others' votes."""

    list_display = [
        *("created_at", "curator", "key", "verdict", "rating", "settles", "is_current"),
        *("previous_verdict", "previous_rating"),
    ]
    list_filter = ["is_current", "verdict", "rating", "settles", "curator", "created_at"]
    list_select_related = ["curator"]
    search_fields = ["key", "curator__username"]
    ordering = ["-id"]

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.visible_to(request.user.pk)


@admin.register(BulkOperation)
class BulkOperationAdmin(LedgerAdmin):
    list_display = ["at", "kind", "by", "total", "done", "state", "note", "page"]
    list_filter = ["kind", "state", "by", "at"]
    list_select_related = ["by"]
    search_fields = ["note", "by__username"]
    ordering = ["-at"]

    @admin.display(description=_("pictures"))
    def page(self, operation: BulkOperation) -> SafeString:
        return _link(reverse("curation:act", args=[operation.pk]))


@admin.register(BulkOperationItem)
class BulkOperationItemAdmin(LedgerAdmin):
    list_display = ["operation", "key", "before", "file_gone"]
    list_filter = ["operation__kind", "before", "file_gone"]
    list_select_related = ["operation"]
    search_fields = ["key"]
    ordering = ["-id"]


@admin.register(Collection)
class CollectionAdmin(ExportAdmin):
    """Rename and delete; pictures are put into it in the library."""

    list_display = ["name", "by", "created_at", "pictures"]
    list_filter = ["by", "created_at"]
    list_select_related = ["by"]
    search_fields = ["name"]
    ordering = ["name"]

    @admin.display(description=_("pictures"))
    def pictures(self, collection: Collection) -> SafeString:
        return _link(f"{reverse('curation:library')}?state=all&collection={collection.pk}")


@admin.register(Garden)
class GardenAdmin(ExportAdmin):
    list_display = ["emotion", "live", "landscape_target", "portrait_target", "releases_page"]
    list_editable = ["landscape_target", "portrait_target"]
    readonly_fields = ["emotion", "live"]
    list_select_related = ["live"]
    search_fields = ["emotion"]

    @admin.display(description=_("releases"))
    def releases_page(self, garden: Garden) -> SafeString:
        return _link(f"{reverse('curation:releases')}?garden={garden.emotion}")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Garden, form: Any, change: bool) -> None:
        """The targets alone: a release may go live meanwhile."""
        obj.save(update_fields=form.changed_data)


@admin.register(Release)
class ReleaseAdmin(LedgerAdmin):
    list_display = ["garden", "number", "live_at", "goes_live_at", "cancelled_at", "by", "added", "removed", "note"]
    list_filter = ["garden", "live_at", "by"]
    list_select_related = ["garden", "by"]
    search_fields = ["note", "by__username"]
    ordering = ["-id"]


@admin.register(ReleaseChange)
class ReleaseChangeAdmin(LedgerAdmin):
    list_display = ["release", "change", "key"]
    list_filter = ["change", "release__garden"]
    list_select_related = ["release"]
    search_fields = ["key"]
    ordering = ["-id"]


@admin.register(Fingerprint)
class FingerprintAdmin(LedgerAdmin):
    list_display = ["image", "__str__", "group", "resolved_at", "sharpness"]
    list_filter = [("group", admin.EmptyFieldListFilter), "resolved_at", "image__state", "image__emotion"]
    list_select_related = ["image"]
    search_fields = ["image__key", "=group"]
    ordering = ["-image"]
