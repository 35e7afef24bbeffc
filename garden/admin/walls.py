"""Zones, displays, playlists and their schedule, and what was shown when."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, ForeignKey, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import ForeignKeyWidget

from garden.admin.base import ExportAdmin, ImportExportAdmin, LedgerAdmin, WithItsLedgers
from garden.admin.images import PreviewColumn
from garden.models import Assignment, Display, Playlist, PlaylistPicture, ShowTime, WallChange, Zone
from garden.walls.service import renew


class HealthColumns:
    """What a display reported of itself last."""

    @admin.display(description=_("last heartbeat"), ordering="health__heard_at")
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
    autocomplete_fields = ["zone"]
    readonly_fields = ["heard_at", "on_screen", "problem"]
    actions = ["switch_on", "switch_off"]

    @admin.action(description=_("Activate these displays"), permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Display]) -> None:
        self.switch(request, queryset, active=True)

    @admin.action(description=_("Deactivate these displays (no alarms)"), permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Display]) -> None:
        self.switch(request, queryset, active=False)


def _health(display: Display, name: str) -> Any:
    health = getattr(display, "health", None)
    return getattr(health, name, None) or "–"


_SHOWN = {"name", "title", "shows_code"}
"""What walls show of a zone besides its pictures."""


class ShowTimeInline(admin.TabularInline[ShowTime, Zone]):
    model = ShowTime
    extra = 0

    def formfield_for_foreignkey(self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        """A zone shows its own playlists."""
        if db_field.name == "playlist" and request.resolver_match:
            zone = request.resolver_match.kwargs.get("object_id")
            kwargs["queryset"] = Playlist.objects.filter(zone=zone) if zone else Playlist.objects.none()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Zone)
class ZoneAdmin(WithItsLedgers, ExportAdmin):
    list_display = ["name", "title", "screens", "pictures", "playing", "version", "changed_at", "follows_audience"]
    list_filter = ["shows_code", "follows_audience"]
    search_fields = ["name", "title"]
    inlines = [DisplayInline, ShowTimeInline]
    readonly_fields = ["playing", "paused_at", "darkened_at", "version", "changed_at"]
    fieldsets = [
        (None, {"fields": ["name", "title", "shows_code"]}),
        (_("Pictures"), {"fields": ["turn_seconds", "rest_minutes"]}),
        (_("Audience mood"), {"fields": ["follows_audience", "audience_minutes", "audience_minimum"]}),
        (_("Now"), {"fields": ["playing", "paused_at", "darkened_at", "version", "changed_at"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Zone]:
        counted = {name: Count(name, distinct=True) for name in ("displays", "assignments")}
        zones: QuerySet[Zone] = super().get_queryset(request)
        return zones.annotate(**{f"count_of_{name}": each for name, each in counted.items()})

    def save_model(self, request: HttpRequest, obj: Zone, form: ModelForm[Zone], change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and _SHOWN & set(form.changed_data):
            renew(obj)

    @admin.display(description=_("screens"), ordering="count_of_displays")
    def screens(self, zone: Zone) -> int:
        return int(getattr(zone, "count_of_displays", 0))

    @admin.display(description=_("pictures"), ordering="count_of_assignments")
    def pictures(self, zone: Zone) -> int:
        return int(getattr(zone, "count_of_assignments", 0))


class PlaylistPictureInline(PreviewColumn, admin.TabularInline[PlaylistPicture, Playlist]):
    model = PlaylistPicture
    extra = 1
    fields = ["place", "image", "preview"]
    raw_id_fields = ["image"]
    readonly_fields = ["preview"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlaylistPicture]:
        return super().get_queryset(request).select_related("image")


@admin.register(Playlist)
class PlaylistAdmin(WithItsLedgers, ExportAdmin):
    list_display = ["name", "zone", "emotion", "favorite", "pictures_chosen", "is_fallback"]
    list_filter = ["zone", "emotion", "is_fallback"]
    list_select_related = ["zone"]
    search_fields = ["name", "zone__name", "zone__title", "favorite"]
    autocomplete_fields = ["zone"]
    inlines = [PlaylistPictureInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Playlist]:
        playlists: QuerySet[Playlist] = super().get_queryset(request)
        return playlists.annotate(count_of_pictures=Count("pictures"))

    @admin.display(description=_("pictures"), ordering="count_of_pictures")
    def pictures_chosen(self, playlist: Playlist) -> int:
        return int(getattr(playlist, "count_of_pictures", 0))


@admin.register(Assignment)
class AssignmentAdmin(PreviewColumn, LedgerAdmin):
    list_display = ["preview", "zone", "number", "orientation", "image", "source", "assigned_at"]
    list_display_links = ["preview", "image"]
    list_filter = ["zone", "orientation", "source", "assigned_at"]
    list_select_related = ["zone", "image"]
    search_fields = ["zone__name", "zone__title", "image__key"]


@admin.register(WallChange)
class WallChangeAdmin(LedgerAdmin):
    list_display = ["zone", "version", "at", "source", "by", "slots"]
    list_filter = ["zone", "source", "at"]
    list_select_related = ["zone"]
    search_fields = ["zone__name", "by", "slots"]
    date_hierarchy = "at"


@admin.register(ShowTime)
class ShowTimeAdmin(LedgerAdmin):
    list_display = ["zone_page", "days", "begins", "ends", "playlist"]
    list_display_links = None
    list_filter = ["zone", "playlist"]
    list_select_related = ["zone", "playlist"]
    search_fields = ["zone__name", "zone__title", "playlist__name", "=days"]

    @admin.display(description=_("zone"), ordering="zone")
    def zone_page(self, show: ShowTime) -> SafeString:
        return _link(show.zone)


@admin.register(PlaylistPicture)
class PlaylistPictureAdmin(PreviewColumn, LedgerAdmin):
    list_display = ["preview", "image", "playlist_page", "place"]
    list_display_links = None
    list_filter = ["playlist__zone", "playlist"]
    list_select_related = ["playlist", "image"]
    search_fields = ["image__key", "playlist__name"]
    ordering = ["playlist", "place", "id"]

    @admin.display(description=_("playlist"), ordering="playlist")
    def playlist_page(self, picture: PlaylistPicture) -> SafeString:
        return _link(picture.playlist)


def _link(row: Any) -> SafeString:
    """To the page where it is changed."""
    page = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html('<a href="{}">{}</a>', reverse(page, args=[row.pk]), row)
