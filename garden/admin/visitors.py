"""Visitors, consents, the processing log, and counts of them: viewed, exported, and forgotten."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export.resources import ModelResource

from garden.admin.base import ExportAdmin, LedgerAdmin, WithItsLedgers
from garden.models import Consent, GuessCount, MoodSighting, ProcessingEntry, SentPhotos, Visitor
from garden.walls.audience import shown_sightings


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


class MoodSightingResource(ModelResource):
    class Meta:
        model = MoodSighting
        fields = ("zone__name", "emotion")


@admin.register(MoodSighting)
class MoodSightingAdmin(LedgerAdmin):
    """What the walls go by and no more: moods with enough visitors to hide among, neither their marks nor moments."""

    resource_classes = [MoodSightingResource]
    list_display = ["zone", "emotion"]
    list_display_links = None
    list_filter = ["zone", "emotion"]
    list_select_related = ["zone"]
    search_fields = ["zone__name", "zone__title", "emotion"]
    fields = ["zone", "emotion"]
    ordering = ["zone", "emotion"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return shown_sightings(timezone.now()).order_by(*self.ordering)
