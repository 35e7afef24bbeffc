"""Rows that services write: looked at, taken along, never edited."""

from typing import Any

from django.http import HttpRequest

from garden.admin.spreadsheets import ExportAdmin


class LedgerAdmin(ExportAdmin):
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
