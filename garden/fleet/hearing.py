"""A heartbeat becomes what is known of its device: one row, written once."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from garden.models import DeviceHealth, Display, Kiosk, Zone
from garden.models.display import ZONE_NAME
from garden.walls.errors import UnknownZoneError
from garden.walls.slots import slot_place

DISPLAY = rf"{ZONE_NAME}/[1-8][hv]"
"""A display as it names itself: `zone1/3h`."""
_SAID = ["version", "on_screen", "screen", "started_at", "problem"]
_NOTED = [*_SAID, "zone_version", "heard_at", "problem_at", "awaited_version", "behind_since"]


def hear(*, kiosk: Kiosk | None, said: dict[str, Any]) -> None:
    """Keep the last word of a display, or of the kiosk that speaks. Raises UnknownZoneError."""
    if said["display"]:
        display = _display_named(said["display"])
        _note("display", display, said, zone_version=display.zone.version)
    elif kiosk is not None:
        _note("kiosk", Kiosk.objects.select_related("health").get(pk=kiosk.pk), said)


def _display_named(name: str) -> Display:
    """A screen that speaks for the first time is registered, where its zone exists."""
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


def _note(of: str, device: Kiosk | Display, said: dict[str, Any], zone_version: int | None = None) -> None:
    now = timezone.now()
    before: DeviceHealth | None = getattr(device, "health", None)
    health = DeviceHealth(heard_at=now, **{of: device}, **{name: said[name] for name in _SAID})
    health.problem_at = _problem_since(health.problem, before, now)
    if zone_version is not None:
        health.zone_version = said["zone_version"]
        health.awaited_version, health.behind_since = _behind(health.zone_version, zone_version, before, now)
    DeviceHealth.objects.bulk_create([health], update_conflicts=True, unique_fields=[of], update_fields=_NOTED)


def _problem_since(problem: str, before: DeviceHealth | None, now: datetime) -> datetime | None:
    """A problem that changes its words goes on."""
    if not problem:
        return None
    return (before.problem_at if before else None) or now


def _behind(
    shown: int | None, current: int, before: DeviceHealth | None, now: datetime
) -> tuple[int | None, datetime | None]:
    """The version that a display did not reach yet, and since when it does not.

    A zone may change every few seconds: whoever keeps coming after is not behind. Whoever was silent begins anew.
    """
    if shown is None or shown >= current:
        return None, None
    if before is None or before.awaited_version is None or shown >= before.awaited_version:
        return current, now
    if now - before.heard_at > timedelta(seconds=settings.ALERT_AFTER_SECONDS):
        return current, now
    return before.awaited_version, before.behind_since
