"""What plays when, and which pictures are in which playlist, of all zones together. Zones and playlists change it."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from garden.admin.images import picture_tag
from garden.admin.ledger import LedgerAdmin
from garden.models import PlaylistPicture, ShowTime
from garden.storage.thumbnails import thumbnail_key


@admin.register(ShowTime)
class ShowTimeAdmin(LedgerAdmin):
    list_display = ["zone_page", "days", "begins", "ends", "playlist"]
    list_display_links = None
    list_filter = ["zone", "playlist"]
    list_select_related = ["zone", "playlist"]
    search_fields = ["zone__name", "zone__title", "playlist__name", "=days"]
    ordering = ["zone", "begins"]

    @admin.display(description=_("zone"), ordering="zone")
    def zone_page(self, show: ShowTime) -> SafeString:
        return _link(show.zone)


@admin.register(PlaylistPicture)
class PlaylistPictureAdmin(LedgerAdmin):
    list_display = ["preview", "image", "playlist_page", "place"]
    list_display_links = None
    list_filter = ["playlist__zone", "playlist"]
    list_select_related = ["playlist", "image"]
    search_fields = ["image__key", "playlist__name"]
    ordering = ["playlist", "place", "id"]

    @admin.display(description=_("picture"))
    def preview(self, picture: PlaylistPicture) -> SafeString:
        return picture_tag(thumbnail_key(picture.image.key), picture.image.prompt, height=72)

    @admin.display(description=_("playlist"), ordering="playlist")
    def playlist_page(self, picture: PlaylistPicture) -> SafeString:
        return _link(picture.playlist)


def _link(row: Any) -> SafeString:
    """To the page where it is changed."""
    page = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html('<a href="{}">{}</a>', reverse(page, args=[row.pk]), row)
