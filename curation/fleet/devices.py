"""Every kiosk and display in the words of the fleet page; as many queries whatever their number."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from curation.fleet.states import ORDER, State, state_of
from curation.fleet.thumbs import Thumbs
from garden.fleet.versions import current_versions
from garden.models import Alarm, DeviceHealth, Display, Kiosk
from garden.models.display import side_letter

Described = dict[str, Any]


class Fleet:
    """The devices of one moment."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self._versions = current_versions()
        self._kiosks = list(Kiosk.objects.select_related("zone", "health"))
        self._displays = list(Display.objects.select_related("zone", "health"))
        self._alarms = _open_alarms()

    def pictures(self) -> set[str]:
        """Keys on the screens."""
        return {health.on_screen for display in self._displays if (health := _health(display)) and health.on_screen}

    def described(self, thumbs: Thumbs) -> list[Described]:
        """Problems first, then zone by zone."""
        devices = [self._display(display, thumbs) for display in self._displays]
        devices += [self._kiosk(kiosk) for kiosk in self._kiosks]
        return sorted(devices, key=lambda device: (ORDER[device["state"]], device["zone"], device["sort"]))

    def _display(self, display: Display, thumbs: Thumbs) -> Described:
        zone, side = display.zone, side_letter(display.orientation)
        described = self._device("display", display, display.name, _wall(zone.name, display.number, side))
        return {
            **described,
            "slot": f"{display.number}{side}",
            "zone": zone.name,
            "place": str(zone),
            "thumb": thumbs.of(described["on_screen"]),
            "sort": f"0{side}{display.number}",
        }

    def _kiosk(self, kiosk: Kiosk) -> Described:
        described = self._device("kiosk", kiosk, kiosk.name, "")
        zone = kiosk.zone.name if kiosk.zone else ""
        return {**described, "slot": "", "zone": zone, "place": kiosk.place, "thumb": "", "sort": f"1{kiosk.name}"}

    def _device(self, kind: str, device: Kiosk | Display, name: str, wall: str) -> Described:
        health = _health(device)
        alarms = self._alarms[(kind, device.pk)]
        return {
            "id": f"{kind}-{device.pk}",
            "kind": kind,
            "name": name,
            "wall": wall,
            "edit": reverse(f"admin:garden_{kind}_change", args=[device.pk]) if _has_admin(kind) else "",
            "state": state_of(health, alarms, active=device.is_active, now=self.now),
            "alarms": [{"kind": a.kind, "detail": a.detail, "since": a.raised_at} for a in alarms],
            **self._said(kind, health or DeviceHealth()),
            "heard": health.heard_at if health else None,
        }

    def _said(self, kind: str, health: DeviceHealth) -> Described:
        return {
            "started": health.started_at,
            "version": health.version,
            "old": bool(health.version) and health.version != self._versions[kind],
            "on_screen": health.on_screen,
            "screen": health.screen.replace("x", " × "),
            "problem": health.problem,
            "behind": health.behind_since is not None,
            "quiet_until": _if_ahead(health.quiet_until, self.now),
            "quiet_by": health.quiet_by,
        }


def count_states(devices: list[Described]) -> dict[str, int]:
    """`watched` are those in use that were heard at least once."""
    counts = {state.value: sum(device["state"] == state for device in devices) for state in State}
    return {**counts, "watched": counts[State.ALARM] + counts[State.TROUBLE] + counts[State.WELL]}


def _open_alarms() -> defaultdict[tuple[str, int], list[Alarm]]:
    found: defaultdict[tuple[str, int], list[Alarm]] = defaultdict(list)
    of_devices = Alarm.objects.filter(cleared_at=None).exclude(kiosk=None, display=None)
    for alarm in of_devices.order_by("raised_at"):
        found["kiosk" if alarm.kiosk_id else "display", alarm.kiosk_id or alarm.display_id or 0].append(alarm)
    return found


def _health(device: Kiosk | Display) -> DeviceHealth | None:
    return getattr(device, "health", None)


def _if_ahead(until: datetime | None, now: datetime) -> datetime | None:
    return until if until and until > now else None


def _wall(zone: str, number: int, side: str) -> str:
    return reverse("wall", args=[zone, number, side])


def _has_admin(kind: str) -> bool:
    try:
        reverse(f"admin:garden_{kind}_changelist")
    except NoReverseMatch:
        return False
    return True
