"""Rows that are deleted together: Django writes them down in one go, and tells nobody."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from garden.access.listening import record_change


class AuditedAdmin(admin.ModelAdmin[Any]):
    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        entries = super().log_deletions(request, queryset)
        if len(entries) > 1:
            for entry in entries:
                record_change(entry)
        return entries
