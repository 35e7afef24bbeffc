"""What pictures look like, and what was said of look-alikes. Looked at; the page of look-alikes is where it is said."""

from django.contrib import admin

from curation.models import AlikeGroup, Apart, Likeness, LikenessIndex, Settlement
from garden.admin.ledger import LedgerAdmin


@admin.register(Likeness)
class LikenessAdmin(LedgerAdmin):
    list_display = ["image", "__str__", "group_id", "sharpness"]
    list_filter = [("group", admin.EmptyFieldListFilter), "image__state", "image__emotion", "image__orientation"]
    list_select_related = ["image"]
    search_fields = ["image__key"]
    ordering = ["-image"]


@admin.register(AlikeGroup)
class AlikeGroupAdmin(LedgerAdmin):
    list_display = ["id", "size", "settled_at"]
    list_filter = ["settled_at"]
    search_fields = ["=id"]
    ordering = ["-id"]


@admin.register(Settlement)
class SettlementAdmin(LedgerAdmin):
    list_display = ["at", "how", "by", "best", "undone_at"]
    list_filter = ["how", "at", "by"]
    list_select_related = ["by", "best"]
    search_fields = ["best__key", "by__username"]
    ordering = ["-at"]


@admin.register(Apart)
class ApartAdmin(LedgerAdmin):
    list_display = ["first", "second"]
    list_filter = ["said_by__at", "said_by__by"]
    list_select_related = ["first", "second"]
    search_fields = ["first__key", "second__key"]
    ordering = ["-id"]


@admin.register(LikenessIndex)
class LikenessIndexAdmin(LedgerAdmin):
    list_display = ["distance", "counted_until"]
    search_fields = ["=distance"]
