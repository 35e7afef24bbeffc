"""Rows by which the garden watches itself: looked at when something seems to stand still."""

from django.contrib import admin

from garden.admin.ledger import LedgerAdmin
from garden.models import ProcessingHead, Pulse, WatchRound


@admin.register(Pulse)
class PulseAdmin(LedgerAdmin):
    list_display = ["queue", "worker", "heard_at", "listening_at"]
    list_filter = ["heard_at"]
    search_fields = ["queue", "worker"]
    ordering = ["queue"]


@admin.register(WatchRound)
class WatchRoundAdmin(LedgerAdmin):
    list_display = ["at"]
    list_filter = ["at"]
    search_fields = ["at"]
    ordering = ["-at"]


@admin.register(ProcessingHead)
class ProcessingHeadAdmin(LedgerAdmin):
    list_display = ["sequence", "hash", "removed_to", "removed_hash"]
    search_fields = ["=hash", "=removed_hash"]
