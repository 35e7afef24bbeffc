"""How many pictures are wanted, and the sums that the dashboard keeps."""

from django.contrib import admin

from curation.models import Figures, Target
from garden.admin.ledger import LedgerAdmin
from garden.admin.spreadsheets import ExportAdmin


@admin.register(Target)
class TargetAdmin(ExportAdmin):
    list_display = ["emotion", "orientation", "pictures"]
    list_display_links = ["emotion"]
    list_editable = ["pictures"]
    list_filter = ["emotion", "orientation"]
    search_fields = ["emotion"]


@admin.register(Figures)
class FiguresAdmin(LedgerAdmin):
    list_display = ["name", "computed_at", "seconds"]
    list_filter = ["computed_at"]
    search_fields = ["name"]
