"""Visitors, consents, the processing log, and counts of them: viewed, exported, and forgotten."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from garden.admin.base import ExportAdmin, LedgerAdmin, WithItsLedgers
from garden.models import Consent, GuessCount, ProcessingEntry, SentPhotos, Visitor


@admin.register(Visitor)
class VisitorAdmin(WithItsLedgers, ExportAdmin):
    list_display = ["id", "emotion", "generation", "gender", "last_seen_at"]
    list_filter = ["emotion", "generation", "gender", "last_seen_at"]
    search_fields = ["=id"]
    search_help_text = _("The whole id, or the number that the goodbye showed")
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
        """Visitors can be looked at and forgotten; another id would make another visitor."""
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


@admin.register(GuessCount)
class GuessCountAdmin(LedgerAdmin):
    list_display = ["week", "guessed", "said", "confirmed", "reader", "count"]
    list_filter = ["reader", "guessed", "said", "week"]
    search_fields = ["guessed", "said"]
    date_hierarchy = "week"
    ordering = ["-week", "guessed", "said"]

    @admin.display(description=_("confirmed"), boolean=True)
    def confirmed(self, answers: GuessCount) -> bool:
        return answers.guessed == answers.said


@admin.register(SentPhotos)
class SentPhotosAdmin(LedgerAdmin):
    list_display = ["day", "service", "count"]
    list_filter = ["service", "day"]
    search_fields = ["service"]
    date_hierarchy = "day"
    ordering = ["-day", "service"]
