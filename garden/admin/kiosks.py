"""Kiosks and their keys, the health of devices, and alarms."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from import_export.resources import ModelResource
from rest_framework_api_key.admin import APIKeyModelAdmin

from garden.access.kiosk_keys import record_key, revoke_key, rotate_key
from garden.admin.base import AuditedAdmin, ImportExportAdmin, LedgerAdmin, WithItsLedgers
from garden.models import Alarm, DeviceHealth, Display, Kiosk, KioskKey
from garden.models.audit import AuditKind


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
class KioskAdmin(WithItsLedgers, ImportExportAdmin):
    resource_classes = [KioskResource]
    list_display = ["name", "place", "zone", "reader", "is_active", "last_seen_at"]
    list_filter = ["is_active", "reader", "place", "zone"]
    list_select_related = ["zone"]
    search_fields = ["name", "place"]
    ordering = ["name"]
    readonly_fields = ["last_seen_at"]
    actions = ["switch_on", "switch_off"]

    @admin.action(description=_("Activate these kiosks"), permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Kiosk]) -> None:
        self.switch(request, queryset, active=True)

    @admin.action(description=_("Deactivate these kiosks"), permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Kiosk]) -> None:
        self.switch(request, queryset, active=False)


@admin.register(KioskKey)
class KioskKeyAdmin(AuditedAdmin, APIKeyModelAdmin):
    list_display: Any = (
        "name",
        "device",
        "scope",
        "prefix",
        "created",
        "last_used_at",
        "expiry_date",
        "revoked",
    )
    list_filter: ClassVar[Any] = ("revoked", "created", "last_used_at", "expiry_date")
    search_fields: ClassVar[Any] = ("name", "prefix", "kiosk__name", "display__name", "display__zone__name")
    list_select_related = ("kiosk", "display__zone")
    autocomplete_fields = ["kiosk"]
    actions = ["rotate", "revoke"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "display":
            kwargs["queryset"] = Display.objects.select_related("zone")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("scope"))
    def scope(self, key: KioskKey) -> str:
        return str(_("display") if key.display_id else _("kiosk"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Whose a key is does not change; the moment of its last use is only looked at."""
        fixed = ("kiosk", "display", "last_used_at") if obj is not None else ("last_used_at",)
        return (*super().get_readonly_fields(request, obj), *fixed)

    def save_model(self, request: HttpRequest, obj: Any, form: Any = None, change: bool = False) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            record_key(AuditKind.KEY_MADE, obj)
        elif "revoked" in form.changed_data:
            record_key(AuditKind.KEY_REVOKED, obj)

    @admin.action(description=_("Rotate these keys"), permissions=["change"])
    def rotate(self, request: HttpRequest, queryset: QuerySet[KioskKey]) -> None:
        for key in queryset:
            if not key.is_usable or hasattr(key, "follower"):
                messages.error(
                    request, _("%(key)s cannot be rotated: it has expired, or was rotated already.") % {"key": key}
                )
                continue
            made, secret = rotate_key(key=key)
            self.log_change(request, key, [{"changed": {"fields": ["expiry_date"]}}])
            words = _("The new key of %(device)s: %(key)s It is shown only once. The old key expires at %(end)s.")
            end = date_format(localtime(key.expiry_date), "SHORT_DATETIME_FORMAT")
            messages.warning(request, words % {"device": made.device, "key": secret, "end": end})

    @admin.action(description=_("Revoke these keys"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[KioskKey]) -> None:
        for key in queryset.filter(revoked=False):
            revoke_key(key=key)
            self.log_change(request, key, [{"changed": {"fields": ["revoked"]}}])


@admin.register(DeviceHealth)
class DeviceHealthAdmin(LedgerAdmin):
    list_display = ["__str__", "heard_at", "problem", "on_screen", "version", "screen", "quiet_until"]
    list_filter = ["heard_at", "version", "display__zone"]
    list_select_related = ["kiosk", "display__zone"]
    search_fields = ["kiosk__name", "display__name", "display__zone__name", "problem", "on_screen"]
    ordering = ["-heard_at"]


@admin.register(Alarm)
class AlarmAdmin(LedgerAdmin):
    list_display = ["__str__", "kind", "detail", "raised_at", "cleared_at", "notified_at", "end_notified_at"]
    list_filter = ["kind", "raised_at", "cleared_at", "display__zone"]
    list_select_related = ["kiosk", "display__zone"]
    search_fields = ["kiosk__name", "display__name", "display__zone__name", "detail"]
