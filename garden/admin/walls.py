"""Zones with their screens and show times, playlists with their pictures, and what hung when."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, ForeignKey, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from garden.admin.displays import DisplayInline
from garden.admin.images import picture_tag
from garden.admin.ledger import LedgerAdmin, WithItsLedgers
from garden.admin.spreadsheets import ExportAdmin
from garden.models import Hanging, Playlist, PlaylistPicture, ShowTime, WallChange, Zone
from garden.storage.thumbnails import thumbnail_key
from garden.walls.hanging import renew

_TOLD = {"name", "title", "shows_code"}
"""What walls are told of a zone besides its pictures."""


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
    list_display = ["name", "title", "screens", "pictures", "programme", "version", "changed_at", "follows_crowd"]
    list_filter = ["shows_code", "follows_crowd"]
    search_fields = ["name", "title"]
    ordering = ["name"]
    inlines = [DisplayInline, ShowTimeInline]
    readonly_fields = ["programme", "version", "changed_at"]
    fieldsets = [
        (None, {"fields": ["name", "title", "shows_code"]}),
        (_("Pictures"), {"fields": ["turn_seconds", "rest_minutes"]}),
        (_("The mood of the room"), {"fields": ["follows_crowd", "crowd_minutes", "crowd_least"]}),
        (_("Now"), {"fields": ["programme", "version", "changed_at"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Zone]:
        counted = {name: Count(name, distinct=True) for name in ("displays", "hangings")}
        zones: QuerySet[Zone] = super().get_queryset(request)
        return zones.annotate(**{f"count_of_{name}": each for name, each in counted.items()})

    def save_model(self, request: HttpRequest, obj: Zone, form: ModelForm[Zone], change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and _TOLD & set(form.changed_data):
            renew(obj)

    @admin.display(description=_("screens"), ordering="count_of_displays")
    def screens(self, zone: Zone) -> int:
        return int(getattr(zone, "count_of_displays", 0))

    @admin.display(description=_("pictures"), ordering="count_of_hangings")
    def pictures(self, zone: Zone) -> int:
        return int(getattr(zone, "count_of_hangings", 0))


class PlaylistPictureInline(admin.TabularInline[PlaylistPicture, Playlist]):
    model = PlaylistPicture
    extra = 1
    fields = ["place", "image", "preview"]
    raw_id_fields = ["image"]
    readonly_fields = ["preview"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlaylistPicture]:
        return super().get_queryset(request).select_related("image")

    @admin.display(description=_("picture"))
    def preview(self, picture: PlaylistPicture) -> SafeString | str:
        return picture_tag(thumbnail_key(picture.image.key), picture.image.prompt, height=72) if picture.pk else ""


@admin.register(Playlist)
class PlaylistAdmin(WithItsLedgers, ExportAdmin):
    list_display = ["name", "zone", "emotion", "favorite", "pictures_chosen", "is_fallback"]
    list_filter = ["zone", "emotion", "is_fallback"]
    list_select_related = ["zone"]
    search_fields = ["name", "zone__name", "zone__title", "favorite"]
    ordering = ["zone", "name"]
    autocomplete_fields = ["zone"]
    inlines = [PlaylistPictureInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Playlist]:
        playlists: QuerySet[Playlist] = super().get_queryset(request)
        return playlists.annotate(count_of_pictures=Count("pictures"))

    @admin.display(description=_("pictures"), ordering="count_of_pictures")
    def pictures_chosen(self, playlist: Playlist) -> int:
        return int(getattr(playlist, "count_of_pictures", 0))


@admin.register(Hanging)
class HangingAdmin(LedgerAdmin):
    list_display = ["preview", "zone", "number", "orientation", "image", "source", "hung_at"]
    list_display_links = ["preview", "image"]
    list_filter = ["zone", "orientation", "source", "hung_at"]
    list_select_related = ["zone", "image"]
    search_fields = ["zone__name", "zone__title", "image__key"]
    ordering = ["zone", "orientation", "number"]

    @admin.display(description=_("picture"))
    def preview(self, hanging: Hanging) -> SafeString:
        return picture_tag(thumbnail_key(hanging.image.key), hanging.image.prompt, height=72)


@admin.register(WallChange)
class WallChangeAdmin(LedgerAdmin):
    list_display = ["zone", "version", "at", "source", "by", "slots"]
    list_filter = ["zone", "source", "at"]
    list_select_related = ["zone"]
    search_fields = ["zone__name", "by", "slots"]
    date_hierarchy = "at"
    ordering = ["-at"]
