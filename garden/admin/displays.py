"""Wall screens: on the page of their zone, and in a list of all of them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import ForeignKeyWidget

from garden.admin.ledger import WithItsLedgers
from garden.admin.spreadsheets import ImportExportAdmin
from garden.models import Display, Zone


class HealthColumns:
    """What a display told of itself last."""

    @admin.display(description=_("last heard"), ordering="health__heard_at")
    def heard_at(self, display: Display) -> Any:
        return _health(display, "heard_at")

    @admin.display(description=_("on screen"))
    def on_screen(self, display: Display) -> Any:
        return _health(display, "on_screen")

    @admin.display(description=_("problem"))
    def problem(self, display: Display) -> Any:
        return _health(display, "problem")


class DisplayInline(HealthColumns, admin.TabularInline[Display, Zone]):
    model = Display
    extra = 0
    fields = ["number", "orientation", "name", "is_active", "heard_at", "on_screen", "problem"]
    readonly_fields = ["heard_at", "on_screen", "problem"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Display]:
        return super().get_queryset(request).select_related("zone", "health")


class DisplayResource(ModelResource):
    """A display in a spreadsheet is known by its zone's name, its orientation and its slot."""

    zone = Field(attribute="zone", column_name="zone", widget=ForeignKeyWidget(Zone, "name"))

    class Meta:
        model = Display
        fields = ("zone", "orientation", "number", "name", "is_active")
        import_id_fields = ("zone", "orientation", "number")
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True

    def get_queryset(self) -> QuerySet[Display]:
        displays: QuerySet[Display] = super().get_queryset()
        return displays.select_related("zone")


@admin.register(Display)
class DisplayAdmin(HealthColumns, WithItsLedgers, ImportExportAdmin):
    resource_classes = [DisplayResource]
    list_display = ["__str__", "zone", "orientation", "number", "is_active", "heard_at", "on_screen", "problem"]
    list_filter = ["is_active", "orientation", "zone", "health__heard_at"]
    list_select_related = ["zone", "health"]
    search_fields = ["name", "zone__name", "zone__title", "health__problem", "health__on_screen"]
    ordering = ["zone", "orientation", "number"]
    autocomplete_fields = ["zone"]
    readonly_fields = ["heard_at", "on_screen", "problem"]
    actions = ["switch_on", "switch_off"]

    @admin.action(description=_("Use these displays"), permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Display]) -> None:
        self._switch(request, queryset, active=True)

    @admin.action(description=_("Put these displays out of use: no alarms"), permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Display]) -> None:
        self._switch(request, queryset, active=False)

    def _switch(self, request: HttpRequest, displays: QuerySet[Display], active: bool) -> None:
        for display in displays.exclude(is_active=active):
            display.is_active = active
            display.save(update_fields=["is_active"])
            self.log_change(request, display, [{"changed": {"fields": ["is_active"]}}])


def _health(display: Display, name: str) -> Any:
    health = getattr(display, "health", None)
    return getattr(health, name, None) or "–"
