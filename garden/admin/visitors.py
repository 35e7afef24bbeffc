"""Visitors: an id and a guess, to be looked at and forgotten."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from garden.admin.ledger import WithItsLedgers
from garden.admin.spreadsheets import ExportAdmin
from garden.models import Visitor


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
