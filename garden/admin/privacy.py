"""Consents and the record of processing: looked at, taken along, never edited."""

from django.contrib import admin

from garden.admin.ledger import LedgerAdmin
from garden.models import Consent, ProcessingEntry


@admin.register(Consent)
class ConsentAdmin(LedgerAdmin):
    list_display = ["given_at", "pack", "notice", "language", "by", "signed", "kiosk"]
    list_filter = ["pack", "by", "signed", "given_at"]
    list_select_related = ["kiosk"]
    search_fields = ["=id", "=notice"]
    ordering = ["-given_at"]


@admin.register(ProcessingEntry)
class ProcessingEntryAdmin(LedgerAdmin):
    list_display = ["sequence", "at", "step", "outcome", "reader", "kiosk", "pack", "notice"]
    list_filter = ["step", "outcome", "reader", "pack", "at"]
    search_fields = ["=photo", "=consent", "=sequence"]
    ordering = ["-sequence"]
    show_full_result_count = False
