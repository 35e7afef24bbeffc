"""The fleet for operators: the state of every kiosk and display, and the plan of each zone.

The number of queries does not depend on that of devices.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Max, Q, TextChoices
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from garden.errors import RefusedError
from garden.fleet.alerts import delivery_error, mute
from garden.models import Alarm, Assignment, DeviceHealth, Display, Image, Kiosk, Zone
from garden.models.choices import EMOTIONS
from garden.models.wall import SLOTS, side_letter
from garden.ops.version import current_versions
from garden.storage.serving import PublicUrls
from garden.storage.thumbnails import thumbnail_key
from garden.walls.slots import slot_name

MISSED = timedelta(seconds=45)
"""Three heartbeats."""
UNWATCHED = timedelta(minutes=2)
SLOT_NAMES = [slot_name(orientation, number) for orientation in ("landscape", "portrait") for number in SLOTS]
Described = dict[str, Any]


class DeviceState(TextChoices):
    """In the order in which they are listed. `TROUBLE` may become an alarm, or pass."""

    ALARM = "alarm", _("Alarm")
    TROUBLE = "trouble", _("Warning")
    WELL = "well", _("OK")
    UNSEEN = "unseen", _("Never connected")
    OFF = "off", _("Switched off")

    @property
    def sign(self) -> str:
        return _SIGNS[self]

    @property
    def is_problem(self) -> bool:
        return self in (DeviceState.ALARM, DeviceState.TROUBLE)


_SIGNS = {
    DeviceState.ALARM: "⚠",
    DeviceState.TROUBLE: "◔",
    DeviceState.WELL: "✓",
    DeviceState.UNSEEN: "○",
    DeviceState.OFF: "–",
}
MOMENTS: dict[str, Promise] = {
    "attract": _("waits for a visitor"),
    "consent": _("asks before the photo"),
    "agree": _("asks what the visitor agrees to"),
    "look": _("takes the photo"),
    "question": _("asks for the mood"),
    "wheel": _("shows the wheel of moods"),
    "garden": _("shows a garden"),
    "gift": _("gives the picture"),
    "grow": _("grows a picture"),
    "goodbye": _("says goodbye"),
}
"""What a kiosk does, by the name of its screen."""
_EMOTIONS = dict(EMOTIONS)


class UnknownDeviceError(RefusedError):
    """There is no such device, or it has never reported."""

    code = "unknown_device"
    status = 404


def describe_fleet(request: HttpRequest, *, zone: str = "", problems: bool = False) -> Described:
    """Devices with problems first, then zone by zone; the plan of each zone. Counts are of the whole fleet."""
    devices, plans = _devices_and_plans(request)
    counts = {state.value: sum(device["state"] == state for device in devices) for state in DeviceState}
    return {
        "counts": [(state, counts[state]) for state in DeviceState if state != DeviceState.WELL and counts[state]],
        "well": counts[DeviceState.WELL],
        "watched": counts[DeviceState.ALARM] + counts[DeviceState.TROUBLE] + counts[DeviceState.WELL],
        "is_empty": not devices,
        "devices": [
            device
            for device in devices
            if (not zone or device["zone"] == zone) and (not problems or device["state"].is_problem)
        ],
        "plans": [plan for plan in plans if not zone or plan["zone"].name == zone],
        "watching": _is_watched(),
        "untold": delivery_error(),
    }


def describe_walls(request: HttpRequest) -> list[Described]:
    """What hangs in each zone now, without devices."""
    slots = _pictures_in_slots()
    thumbs = _thumbs(request, {key for keys in slots.values() for key in keys.values()})
    return [_describe_zone(zone, slots[zone.pk], thumbs, {}) for zone in Zone.objects.all()]


def describe_wall(request: HttpRequest, zone: Zone) -> Described:
    """What hangs in a zone now, with the screen of each slot, who put the picture there, and when."""
    assigned = zone.assignments.shown().select_related("image")
    rows = {slot_name(row.orientation, row.number): row for row in assigned}
    slots = {name: row.image.key for name, row in rows.items()}
    displays = list(zone.displays.select_related("zone", "health"))
    thumbs = _thumbs(request, set(slots.values()))
    by_slot = {(zone.name, device["slot"]): device for device in _describe_devices(displays, thumbs)}
    described = _describe_zone(zone, slots, thumbs, by_slot)
    changes = zone.changes.filter(at__in={row.assigned_at for row in rows.values()})
    names = dict(changes.values_list("at", "by"))
    for _side, side_slots in described["sides"]:
        for slot in side_slots:
            slot["number"], slot["letter"] = slot["name"][:-1], slot["name"][-1]
            slot["assigned"] = row = rows.get(slot["name"])
            slot["by"] = names.get(row.assigned_at, "") if row else ""
    return described


def describe_device(request: HttpRequest, device: str) -> Described | None:
    """Of the id `device`, as in `display-5`; None where there is none."""
    devices, _plans = _devices_and_plans(request)
    return next((described for described in devices if described["id"] == device), None)


def mute_device(*, kind: str, pk: int, hours: int, by: AbstractBaseUser) -> None:
    """Mute the alarms of a kiosk or display; 0 hours: notify again. Raises UnknownDeviceError."""
    devices = {"kiosk": Q(kiosk=pk), "display": Q(display=pk)}
    health = DeviceHealth.objects.filter(devices[kind]).first() if kind in devices else None
    if health is None:
        raise UnknownDeviceError(f"There is no {kind} {pk} that has reported.", device=f"{kind}-{pk}")
    health.quiet_until = timezone.now() + timedelta(hours=hours) if hours else None
    health.quiet_by = by.get_username() if hours else ""
    health.save(update_fields=["quiet_until", "quiet_by"])
    if hours:
        mute(health)


def _is_watched() -> bool:
    """Whether the last round of the watch was lately; without a device there is nothing to watch."""
    checked = DeviceHealth.objects.aggregate(last=Max("checked_at"), heard=Max("heard_at"))
    return checked["heard"] is None or (checked["last"] is not None and checked["last"] > timezone.now() - UNWATCHED)


def _devices_and_plans(request: HttpRequest) -> tuple[list[Described], list[Described]]:
    kiosks = list(Kiosk.objects.select_related("zone", "health"))
    displays = list(Display.objects.select_related("zone", "health"))
    slots = _pictures_in_slots()
    on_screens = {health.on_screen for display in displays if (health := _health(display))}
    thumbs = _thumbs(request, on_screens | {key for keys in slots.values() for key in keys.values()})
    devices = _describe_devices([*displays, *kiosks], thumbs)
    by_slot = {(device["zone"], device["slot"]): device for device in devices}
    return devices, [_describe_zone(zone, slots[zone.pk], thumbs, by_slot) for zone in Zone.objects.all()]


def _describe_devices(devices: Sequence[Kiosk | Display], thumbs: dict[str, str]) -> list[Described]:
    alarms: defaultdict[tuple[str, int], list[Alarm]] = defaultdict(list)
    of_devices = Alarm.objects.filter(cleared_at=None).exclude(kiosk=None, display=None)
    for alarm in of_devices.order_by("raised_at"):
        alarms["kiosk" if alarm.kiosk_id else "display", alarm.kiosk_id or alarm.display_id or 0].append(alarm)
    now, versions, order = timezone.now(), current_versions(), list(DeviceState)
    found = []
    for device in devices:
        kind = device._meta.model_name or ""
        own = _describe_display(device, thumbs) if isinstance(device, Display) else _describe_kiosk(device)
        found.append(own | _describe_device(kind, device, alarms[kind, device.pk], now, versions))
    return sorted(found, key=lambda device: (order.index(device["state"]), device["zone"], device["sort"]))


def _describe_device(
    kind: str, device: Kiosk | Display, alarms: list[Alarm], now: datetime, versions: dict[str, str]
) -> Described:
    health = _health(device)
    details = [alarm.detail for alarm in alarms if alarm.kind == Alarm.Kind.PROBLEM]
    problems = [text for text in ([health.problem] if health else []) + details if text]
    return {
        "id": f"{kind}-{device.pk}",
        "pk": device.pk,
        "kind_name": kind,
        "kind": device._meta.verbose_name,
        "is_display": kind == "display",
        "edit": reverse(f"admin:garden_{kind}_change", args=[device.pk]),
        "state": _state_of(health, alarms, active=device.is_active, now=now),
        "alarms": alarms,
        "health": health,
        "is_old": bool(health and health.version and health.version != versions[kind]),
        "screen": health.screen.replace("x", " × ") if health else "",
        "problems": list(dict.fromkeys(problems)),
        "quiet_until": health.quiet_until if health and health.quiet_until and health.quiet_until > now else None,
    }


def _describe_display(display: Display, thumbs: dict[str, str]) -> Described:
    zone, side = display.zone, side_letter(display.orientation)
    health = _health(display)
    on_screen = health.on_screen if health else ""
    return {
        "title": f"{display.slot} · {display.name}" if display.name else display.slot,
        "slot": f"{display.number}{side}",
        "zone": zone.name,
        "place": str(zone),
        "on_screen": _mood_of(on_screen),
        "thumb": thumbs.get(on_screen, ""),
        "wall": reverse("wall", args=[zone.name, display.number, side]),
        "sort": f"0{side}{display.number}",
    }


def _describe_kiosk(kiosk: Kiosk) -> Described:
    zone = kiosk.zone.name if kiosk.zone else ""
    health = _health(kiosk)
    return {
        "title": kiosk.name,
        "slot": "",
        "zone": zone,
        "place": kiosk.place or zone,
        "on_screen": MOMENTS.get(health.on_screen, health.on_screen) if health else "",
        "thumb": "",
        "wall": "",
        "sort": f"1{kiosk.name}",
    }


def _mood_of(key: str) -> Promise | str:
    return _EMOTIONS.get(key.split("/")[1] if "/" in key else "", key)


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
    for zone_id, orientation, number, key in shown:
        slots[zone_id][slot_name(orientation, number)] = key
    return slots


def _describe_zone(
    zone: Zone, slots: dict[str, str], thumbs: dict[str, str], by_slot: dict[tuple[str, str], Described]
) -> Described:
    described = [
        {
            "name": name,
            "what": _mood_of(slots.get(name, "")),
            "thumb": thumbs.get(slots.get(name, ""), ""),
            "device": by_slot.get((zone.name, name)),
        }
        for name in SLOT_NAMES
    ]
    return {"zone": zone, "sides": [("landscape", described[:8]), ("portrait", described[8:])]}


def _thumbs(request: HttpRequest, keys: set[str]) -> dict[str, str]:
    """By key, the address of the thumbnail, or of the picture where none was made; none of a picture that is gone."""
    url_of = PublicUrls(request)
    images = Image.objects.filter(key__in=keys).exclude(state=Image.State.TRASH)
    made = images.values_list("key", "file__made_at")
    return {key: url_of(thumbnail_key(key) if made_at else key) for key, made_at in made}
