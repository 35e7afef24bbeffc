"""Kiosks and their keys."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from import_export.resources import ModelResource
from rest_framework_api_key.admin import APIKeyModelAdmin

from garden.admin.spreadsheets import ImportExportAdmin
from garden.models import Kiosk, KioskKey


class KioskResource(ModelResource):
    """A kiosk in a spreadsheet is known by its name."""

    class Meta:
        model = Kiosk
        fields = ("name", "place", "is_active")
        import_id_fields = ("name",)
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True


@admin.register(Kiosk)
class KioskAdmin(ImportExportAdmin):
    resource_classes = [KioskResource]
    list_display = ["name", "place", "zone", "is_active", "last_seen_at"]
    list_filter = ["is_active", "place", "zone"]
    list_select_related = ["zone"]
    search_fields = ["name", "place"]
    ordering = ["name"]
    readonly_fields = ["last_seen_at"]
    actions = ["switch_on", "switch_off"]

    @admin.action(description=_("Let these kiosks ask"), permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Kiosk]) -> None:
        self._switch(request, queryset, active=True)

    @admin.action(description=_("Refuse these kiosks"), permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Kiosk]) -> None:
        self._switch(request, queryset, active=False)

    def _switch(self, request: HttpRequest, kiosks: QuerySet[Kiosk], active: bool) -> None:
        for kiosk in kiosks.exclude(is_active=active):
            kiosk.is_active = active
            kiosk.save(update_fields=["is_active"])
            self.log_change(request, kiosk, [{"changed": {"fields": ["is_active"]}}])


@admin.register(KioskKey)
class KioskKeyAdmin(APIKeyModelAdmin):
    list_display = ("name", "kiosk", "prefix", "created", "expiry_date", "revoked")
    list_select_related = ("kiosk",)
    autocomplete_fields = ["kiosk"]
    actions = ["revoke"]

    @admin.action(description=_("Revoke these keys"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for key in queryset.filter(revoked=False):
            key.revoked = True
            key.save(update_fields=["revoked"])
            self.log_change(request, key, [{"changed": {"fields": ["revoked"]}}])
