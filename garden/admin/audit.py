"""The audit trail: read, filtered, taken along."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from garden.admin.ledger import LedgerAdmin
from garden.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(LedgerAdmin):
    list_display = ["at", "kind", "who", "address", "about", "detail"]
    list_filter = ["kind", "at", "who"]
    search_fields = ["who", "address", "about"]
    date_hierarchy = "at"
    ordering = ["-at", "-id"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("garden.read_trail"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)
