"""Visitors, consents, the processing log, and counts of them: view, export and delete."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from garden.admin.base import ExportAdmin, LedgerAdmin, WithItsLedgers
from garden.models import Consent, DailyCount, ProcessingEntry, Visitor


@admin.register(Visitor)
class VisitorAdmin(WithItsLedgers, ExportAdmin):
    list_display = ["id", "emotion", "generation", "gender", "last_seen_at"]
    list_filter = ["emotion", "generation", "gender", "last_seen_at"]
    search_fields = ["=id"]
    search_help_text = _("The whole id, or the number that the last screen showed")
    ordering = ["-last_seen_at"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Visitor], search_term: str
    ) -> tuple[QuerySet[Visitor], bool]:
        if not search_term.strip():
            return queryset, False
        numbered = Visitor.objects.numbered(search_term.strip())
        return queryset.filter(pk__in=numbered.values("pk")), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Visitor | None = None) -> bool:
        """Visitors can be viewed and deleted; another id would create another visitor."""
        return False


@admin.register(Consent)
class ConsentAdmin(LedgerAdmin):
    list_display = ["given_at", "pack", "notice", "language", "by", "signed", "kiosk"]
    list_filter = ["pack", "by", "signed", "given_at"]
    list_select_related = ["kiosk"]
    search_fields = ["=id", "=notice"]
    ordering = ["-given_at"]


@admin.register(ProcessingEntry)
class ProcessingEntryAdmin(LedgerAdmin):
    list_display = ["sequence", "at", "step", "outcome", "reader", "kiosk", "pack", "notice"]
    list_filter = ["step", "outcome", "reader", "pack", "at"]
    search_fields = ["=photo", "=consent", "=sequence"]
    ordering = ["-sequence"]
    show_full_result_count = False


@admin.register(DailyCount)
class DailyCountAdmin(LedgerAdmin):
    list_display = ["day", "name", "count"]
    list_filter = ["name", "day"]
    search_fields = ["name"]
    date_hierarchy = "day"
    ordering = ["-day", "name"]
