"""The fleet for operators: the state of every kiosk and display, and the plan of each zone.

The number of queries does not depend on that of devices.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Max
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from garden.errors import RefusedError
from garden.fleet.alerts import delivery_error, mute
from garden.models import Alarm, Assignment, DeviceHealth, Display, Image, Kiosk, Zone
from garden.models.wall import SLOTS, side_letter
from garden.ops.version import current_versions
from garden.storage.serving import PublicUrls
from garden.storage.thumbnails import thumbnail_key
from garden.walls.slots import slot_name

MISSED = timedelta(seconds=45)
"""Three heartbeats."""
UNWATCHED = timedelta(minutes=2)
MAX_MUTE_HOURS = 7 * 24
SLOT_NAMES = [slot_name(orientation, number) for orientation in ("landscape", "portrait") for number in SLOTS]
Described = dict[str, Any]


class DeviceState(StrEnum):
    """In the order in which they are listed. `TROUBLE` may become an alarm, or pass."""

    ALARM = "alarm"
    TROUBLE = "trouble"
    WELL = "well"
    UNSEEN = "unseen"
    OFF = "off"


_ORDER = {state: place for place, state in enumerate(DeviceState)}


class UnknownDeviceError(RefusedError):
    """There is no such device, or it has never reported."""

    code = "unknown_device"
    status = 404


def describe_fleet(request: HttpRequest) -> Described:
    """Devices with problems first, then zone by zone; the plan of each zone."""
    kiosks = list(Kiosk.objects.select_related("zone", "health"))
    displays = list(Display.objects.select_related("zone", "health"))
    slots = _pictures_in_slots()
    on_screens = {health.on_screen for display in displays if (health := _health(display))}
    thumbs = _thumbs(request, on_screens | {key for keys in slots.values() for key in keys.values()})
    devices = _describe_devices(kiosks, displays, thumbs)
    counts = {state.value: sum(device["state"] == state for device in devices) for state in DeviceState}
    return {
        "counts": {
            **counts,
            "watched": counts[DeviceState.ALARM] + counts[DeviceState.TROUBLE] + counts[DeviceState.WELL],
        },
        "devices": devices,
        "zones": [_describe_zone(zone, slots[zone.pk], thumbs) for zone in Zone.objects.all()],
        "watching": _is_watched(),
        "untold": delivery_error(),
    }


def mute_device(*, device: str, hours: int, by: AbstractBaseUser) -> DeviceHealth:
    """Mute the alarms of `device`, as in `display-5`; 0 hours: notify again. Raises UnknownDeviceError."""
    kind, _, pk = device.partition("-")
    health = DeviceHealth.objects.filter(**{f"{kind}__pk": int(pk)}).first()
    if health is None:
        raise UnknownDeviceError(f"There is no device {device!r} that has reported.", device=device)
    health.quiet_until = timezone.now() + timedelta(hours=hours) if hours else None
    health.quiet_by = by.get_username() if hours else ""
    health.save(update_fields=["quiet_until", "quiet_by"])
    if hours:
        mute(health)
    return health


def _is_watched() -> bool:
    """Whether the last round of the watch was lately; without a device there is nothing to watch."""
    checked = DeviceHealth.objects.aggregate(last=Max("checked_at"), heard=Max("heard_at"))
    return checked["heard"] is None or (checked["last"] is not None and checked["last"] > timezone.now() - UNWATCHED)


def _describe_devices(kiosks: list[Kiosk], displays: list[Display], thumbs: dict[str, str]) -> list[Described]:
    alarms: defaultdict[tuple[str, int], list[Alarm]] = defaultdict(list)
    of_devices = Alarm.objects.filter(cleared_at=None).exclude(kiosk=None, display=None)
    for alarm in of_devices.order_by("raised_at"):
        alarms["kiosk" if alarm.kiosk_id else "display", alarm.kiosk_id or alarm.display_id or 0].append(alarm)
    now, versions = timezone.now(), current_versions()
    devices = [
        _describe_device("display", display, alarms["display", display.pk], now, versions)
        | _describe_display(display, thumbs)
        for display in displays
    ]
    devices += [
        _describe_device("kiosk", kiosk, alarms["kiosk", kiosk.pk], now, versions) | _describe_kiosk(kiosk)
        for kiosk in kiosks
    ]
    return sorted(devices, key=lambda device: (_ORDER[device["state"]], device["zone"], device["sort"]))


def _describe_device(
    kind: str, device: Kiosk | Display, alarms: list[Alarm], now: datetime, versions: dict[str, str]
) -> Described:
    health = _health(device) or DeviceHealth()
    heard = _health(device) is not None
    return {
        "id": f"{kind}-{device.pk}",
        "kind": kind,
        "name": device.name,
        "edit": reverse(f"admin:garden_{kind}_change", args=[device.pk]),
        "state": _state_of(_health(device), alarms, active=device.is_active, now=now),
        "alarms": [{"kind": a.kind, "detail": a.detail, "since": a.raised_at} for a in alarms],
        "heard": health.heard_at if heard else None,
        "started": health.started_at,
        "version": health.version,
        "old": bool(health.version) and health.version != versions[kind],
        "on_screen": health.on_screen,
        "screen": health.screen.replace("x", " × "),
        "problem": health.problem,
        "behind": health.behind_since is not None,
        "quiet_until": health.quiet_until if health.quiet_until and health.quiet_until > now else None,
        "quiet_by": health.quiet_by,
    }


def _describe_display(display: Display, thumbs: dict[str, str]) -> Described:
    zone, side = display.zone, side_letter(display.orientation)
    health = _health(display)
    return {
        "slot": f"{display.number}{side}",
        "zone": zone.name,
        "place": str(zone),
        "thumb": thumbs.get(health.on_screen, "") if health else "",
        "wall": reverse("wall", args=[zone.name, display.number, side]),
        "sort": f"0{side}{display.number}",
    }


def _describe_kiosk(kiosk: Kiosk) -> Described:
    zone = kiosk.zone.name if kiosk.zone else ""
    return {"slot": "", "zone": zone, "place": kiosk.place, "thumb": "", "wall": "", "sort": f"1{kiosk.name}"}


def _state_of(health: DeviceHealth | None, alarms: Sequence[Alarm], *, active: bool, now: datetime) -> DeviceState:
    if not active:
        return DeviceState.OFF
    if alarms:
        return DeviceState.ALARM
    if health is None:
        return DeviceState.UNSEEN
    is_behind = health.behind_since is not None and now - health.behind_since > MISSED
    is_missed = now - health.heard_at > MISSED
    return DeviceState.TROUBLE if health.problem or is_behind or is_missed else DeviceState.WELL


def _health(device: Kiosk | Display) -> DeviceHealth | None:
    return getattr(device, "health", None)


def _pictures_in_slots() -> defaultdict[int, dict[str, str]]:
    """The key in each slot of each zone."""
    slots: defaultdict[int, dict[str, str]] = defaultdict(dict)
    shown = Assignment.objects.shown().values_list("zone", "orientation", "number", "image__key")
    for zone, orientation, number, key in shown:
        slots[zone][slot_name(orientation, number)] = key
    return slots


def _describe_zone(zone: Zone, slots: dict[str, str], thumbs: dict[str, str]) -> Described:
    keys = [(name, slots.get(name, "")) for name in SLOT_NAMES]
    described = [{"name": name, "key": key, "thumb": thumbs.get(key, "")} for name, key in keys]
    return {"name": zone.name, "title": zone.title, "dark": zone.is_dark, "slots": described}


def _thumbs(request: HttpRequest, keys: set[str]) -> dict[str, str]:
    """By key, the address of the thumbnail, or of the picture where none was made; none of a picture that is gone."""
    url_of = PublicUrls(request)
    images = Image.objects.filter(key__in=keys).exclude(state=Image.State.TRASH)
    made = images.values_list("key", "file__made_at")
    return {key: url_of(thumbnail_key(key) if made_at else key) for key, made_at in made}
