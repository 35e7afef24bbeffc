"""Rows that services write: looked at, taken along, never edited."""

from typing import Any

from django.http import HttpRequest

from garden.admin.audited import AuditedAdmin
from garden.admin.spreadsheets import ExportAdmin


class LedgerAdmin(ExportAdmin):
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WithItsLedgers(AuditedAdmin):
    """Rows of ledgers are deleted by nobody; they go with what they are of all the same."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        named, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        registered = self.admin_site._registry.items()
        ledgers = {model._meta.verbose_name for model, page in registered if isinstance(page, LedgerAdmin)}
        return named, counts, forbidden - ledgers, protected
