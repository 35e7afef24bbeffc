"""A heartbeat is stored as the one row of its device."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from garden.models import DeviceHealth, Display, Kiosk, Zone
from garden.models.wall import ZONE_NAME
from garden.walls.service import UnknownZoneError
from garden.walls.slots import slot_place

DISPLAY = rf"{ZONE_NAME}/[1-8][hv]"
"""A display as it names itself: `zone1/3h`."""
_REPORTED = ["version", "on_screen", "screen", "started_at", "problem"]
_STORED = [*_REPORTED, "zone_version", "heard_at", "silent_from", "problem_at", "awaited_version", "behind_since"]


def store_heartbeat(*, kiosk: Kiosk | None, report: dict[str, Any]) -> None:
    """Of the display that the report names, or of the kiosk that sends it. Raises UnknownZoneError."""
    if report["display"]:
        display = _display_named(report["display"])
        _store("display", display, report, zone_version=display.zone.version)
    elif kiosk is not None:
        _store("kiosk", Kiosk.objects.select_related("health").get(pk=kiosk.pk), report)


def _display_named(name: str) -> Display:
    """A screen that reports for the first time is registered, where its zone exists."""
    zone_name, _, slot = name.partition("/")
    orientation, number = slot_place(slot)
    place: dict[str, Any] = {"orientation": orientation, "number": number}
    known = Display.objects.select_related("zone", "health").filter(zone__name=zone_name, **place).first()
    if known is not None:
        return known
    zone = Zone.objects.filter(name=zone_name).first()
    if zone is None:
        raise UnknownZoneError(f"There is no zone {zone_name!r}.", zone=zone_name)
    return Display.objects.get_or_create(zone=zone, **place)[0]


def _store(of: str, device: Kiosk | Display, report: dict[str, Any], zone_version: int | None = None) -> None:
    now = timezone.now()
    before: DeviceHealth | None = getattr(device, "health", None)
    health = DeviceHealth(heard_at=now, silent_from=now, **{of: device}, **{name: report[name] for name in _REPORTED})
    if health.problem:  # One whose text changes is the same problem.
        health.problem_at = (before and before.problem_at) or now
    if zone_version is not None:
        health.zone_version = report["zone_version"]
        health.awaited_version, health.behind_since = _behind(health.zone_version, zone_version, before, now)
    DeviceHealth.objects.bulk_create([health], update_conflicts=True, unique_fields=[of], update_fields=_STORED)


def _behind(
    shown: int | None, current: int, before: DeviceHealth | None, now: datetime
) -> tuple[int | None, datetime | None]:
    """The version that a display did not reach yet, and since when it does not.

    A zone may change every few seconds: a display that reaches each version later is not behind. After a silence the
    time starts again.
    """
    if shown is None or shown >= current:
        return None, None
    if before is None or before.awaited_version is None or shown >= before.awaited_version:
        return current, now
    if now - before.heard_at > timedelta(seconds=settings.ALERT_AFTER_SECONDS):
        return current, now
    return before.awaited_version, before.behind_since
