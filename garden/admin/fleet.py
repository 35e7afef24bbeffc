"""What devices said last, and what was alarming: looked at, taken along."""

from django.contrib import admin

from garden.admin.ledger import LedgerAdmin
from garden.models import Alarm, AlarmNotice, DeviceHealth


@admin.register(DeviceHealth)
class DeviceHealthAdmin(LedgerAdmin):
    list_display = ["__str__", "heard_at", "problem", "on_screen", "version", "screen", "quiet_until"]
    list_filter = ["heard_at", "version", "display__zone"]
    list_select_related = ["kiosk", "display__zone"]
    search_fields = ["kiosk__name", "display__name", "display__zone__name", "problem", "on_screen"]
    ordering = ["-heard_at"]


@admin.register(Alarm)
class AlarmAdmin(LedgerAdmin):
    list_display = ["__str__", "kind", "detail", "raised_at", "cleared_at", "told_raised_at", "told_cleared_at"]
    list_filter = ["kind", "raised_at", "cleared_at", "display__zone"]
    list_select_related = ["kiosk", "display__zone"]
    search_fields = ["kiosk__name", "display__name", "display__zone__name", "detail"]
    ordering = ["-raised_at"]


@admin.register(AlarmNotice)
class AlarmNoticeAdmin(LedgerAdmin):
    list_display = ["__str__", "channel", "event", "told_at", "attempts", "due_at", "error"]
    list_filter = ["channel", "event", "told_at"]
    list_select_related = ["alarm__kiosk", "alarm__display__zone"]
    search_fields = ["alarm__kiosk__name", "alarm__display__zone__name", "error"]
    ordering = ["-pk"]
