"""Addresses of souvenirs: looked up for who holds one, and ended before their time."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from garden.admin.images import picture_tag
from garden.admin.ledger import LedgerAdmin
from garden.models import SouvenirLink
from garden.storage.thumbnails import thumbnail_key


class OpenFilter(admin.SimpleListFilter):
    title = _("opens")
    parameter_name = "opens"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("its picture")), ("no", _("nothing any more"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        links = SouvenirLink.objects.all()
        chosen = {"yes": links.valid(), "no": links.expired()}.get(self.value() or "")
        return queryset if chosen is None else queryset & chosen


@admin.register(SouvenirLink)
class SouvenirLinkAdmin(LedgerAdmin):
    list_display = ["preview", "code", "image", "created_at", "expires_at"]
    list_display_links = ["preview", "code"]
    list_filter = [OpenFilter, "image__emotion", "created_at"]
    list_select_related = ["image"]
    search_fields = ["=code", "image__key"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A link that is deleted opens nothing from that moment on."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    @admin.display(description=_("picture"))
    def preview(self, link: SouvenirLink) -> SafeString:
        return picture_tag(thumbnail_key(link.image.key), link.image.prompt, height=72)
