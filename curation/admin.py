"""Votes, acts and releases in Django admin. They are records: the curators' own pages are where things happen."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from curation.dashboard import admin as dashboard_admin  # noqa: F401
from curation.likeness import admin as likeness_admin  # noqa: F401
from curation.models import Act, ActItem, Decision, Garden, Release, ReleaseChange, Vote
from garden.admin.ledger import LedgerAdmin


class BlindLedgerAdmin(LedgerAdmin):
    """Shows and exports what the reader may know of others' votes."""

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.told_to(request.user.pk)


@admin.register(Vote)
class VoteAdmin(BlindLedgerAdmin):
    list_display = ["image", "curator", "verdict", "rating", "settles", "decided_at"]
    list_filter = ["verdict", "rating", "settles", "curator", "decided_at"]
    list_select_related = ["image", "curator"]
    search_fields = ["image__key", "curator__username"]
    ordering = ["-id"]


@admin.register(Decision)
class DecisionAdmin(BlindLedgerAdmin):
    list_display = ["created_at", "curator", "key", "verdict", "rating", "previous_verdict", "previous_rating"]
    list_filter = ["verdict", "curator", "created_at"]
    list_select_related = ["curator"]
    search_fields = ["key", "curator__username"]
    ordering = ["-id"]


@admin.register(Act)
class ActAdmin(LedgerAdmin):
    list_display = ["at", "kind", "by", "total", "done", "state", "note", "page"]
    list_filter = ["kind", "state", "by", "at"]
    list_select_related = ["by"]
    search_fields = ["note", "by__username"]
    ordering = ["-at"]

    @admin.display(description=_("pictures"))
    def page(self, act: Act) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("curation:act", args=[act.pk]), _("look"))


@admin.register(ActItem)
class ActItemAdmin(LedgerAdmin):
    list_display = ["act", "key", "before", "file_gone"]
    list_filter = ["act__kind", "before", "file_gone"]
    list_select_related = ["act"]
    search_fields = ["key"]
    ordering = ["-id"]


@admin.register(Garden)
class GardenAdmin(LedgerAdmin):
    list_display = ["emotion", "live", "releases_page"]
    list_select_related = ["live"]
    search_fields = ["emotion"]

    @admin.display(description=_("releases"))
    def releases_page(self, garden: Garden) -> SafeString:
        address = f"{reverse('curation:releases')}?garden={garden.emotion}"
        return format_html('<a href="{}">{}</a>', address, _("look"))


@admin.register(Release)
class ReleaseAdmin(LedgerAdmin):
    list_display = ["garden", "number", "live_at", "goes_live_at", "cancelled_at", "by", "added", "removed", "note"]
    list_filter = ["garden", "live_at", "by"]
    list_select_related = ["garden", "by"]
    search_fields = ["note", "by__username"]
    ordering = ["-id"]


@admin.register(ReleaseChange)
class ReleaseChangeAdmin(LedgerAdmin):
    list_display = ["release", "change", "key"]
    list_filter = ["change", "release__garden"]
    list_select_related = ["release"]
    search_fields = ["key"]
    ordering = ["-id"]
