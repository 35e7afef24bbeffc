"""What was learned, in the order of the ledger. Its vectors and states stay in the database: only sizes are shown."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from import_export.resources import ModelResource

from garden.admin.ledger import LedgerAdmin
from recommend.models import Description, Forgetting, Ledger, PictureAxes, Snapshot


@admin.register(Ledger)
class LedgerHeadAdmin(LedgerAdmin):
    list_display = ["head", "epoch", "base"]
    search_fields = ["=epoch"]


@admin.register(Forgetting)
class ForgettingAdmin(LedgerAdmin):
    list_display = ["sequence", "pseudonym"]
    search_fields = ["=sequence", "=pseudonym"]
    ordering = ["-sequence"]


class SizedAdmin(LedgerAdmin):
    """Rows with a field of bytes, which is measured where it lies."""

    heavy: str
    readonly_fields = ["size"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        sized: QuerySet[Any] = rows.defer(self.heavy).annotate(size_in_bytes=Length(self.heavy))
        return sized

    @admin.display(description=_("size (bytes)"), ordering="size_in_bytes")
    def size(self, row: Any) -> int:
        return int(row.size_in_bytes)


class DescriptionResource(ModelResource):
    class Meta:
        model = Description
        fields = ("sequence", "image", "version")


@admin.register(Description)
class DescriptionAdmin(SizedAdmin):
    """By the number of its picture, which may be gone."""

    heavy = "vector"
    resource_classes = [DescriptionResource]
    list_display = ["sequence", "image_id", "version", "size"]
    list_filter = ["version"]
    search_fields = ["=sequence", "=image__id"]
    search_help_text = _("A number of the ledger, or of a picture")
    ordering = ["-sequence"]


class PictureAxesResource(ModelResource):
    class Meta:
        model = PictureAxes
        fields = ("version", "sequence", "pictures")


@admin.register(PictureAxes)
class PictureAxesAdmin(SizedAdmin):
    heavy = "state"
    resource_classes = [PictureAxesResource]
    list_display = ["version", "pictures", "sequence", "size"]
    search_fields = ["=version"]
    ordering = ["-version"]


class SnapshotResource(ModelResource):
    class Meta:
        model = Snapshot
        fields = ("id", "version", "epoch", "position", "created_at")


@admin.register(Snapshot)
class SnapshotAdmin(SizedAdmin):
    heavy = "state"
    resource_classes = [SnapshotResource]
    list_display = ["created_at", "version", "epoch", "position", "size"]
    list_filter = ["version", "epoch", "created_at"]
    search_fields = ["version", "=position"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
