"""Notices in words for people and in fields for programs."""

from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from garden.models import Alarm, AlarmNotice, DeviceHealth

_Event = AlarmNotice.Event


def describe_news(notices: list[AlarmNotice]) -> dict[str, Any]:
    """What a webhook gets. An event that comes twice has the same `id`."""
    told = {event: [_describe(notice) for notice in notices if notice.event == event] for event in _Event.values}
    return {"text": text_of(notices), "page": fleet_address(), **told}


def headline_of(notices: list[AlarmNotice]) -> str:
    raised = sum(notice.event == _Event.RAISED for notice in notices)
    ended = len(notices) - raised
    parts = [ngettext("%(n)d alarm", "%(n)d alarms", raised) % {"n": raised}] if raised else []
    if ended:
        parts.append(ngettext("%(n)d alarm ended", "%(n)d alarms ended", ended) % {"n": ended})
    return ", ".join(parts)


def text_of(notices: list[AlarmNotice]) -> str:
    """A line each; before them, what they have in common."""
    lines = [_sentence(notice) for notice in notices]
    if _nothing_is_heard(notices):
        lines.insert(0, _("No device is heard any more: look at the network and the web server first."))
    return "\n".join(line for line in (*lines, fleet_address()) if line)


def fleet_address() -> str:
    """Empty where the site does not know its own address, or has no fleet page."""
    try:
        return f"{settings.PUBLIC_URL}{reverse('curation:fleet')}" if settings.PUBLIC_URL else ""
    except NoReverseMatch:
        return ""


def _sentence(notice: AlarmNotice) -> str:
    alarm = notice.alarm
    said = {"device": _name_of(alarm), "what": alarm.get_kind_display(), "since": _time(alarm.raised_at)}
    if notice.event == _Event.CLEARED:
        return _("✓ %(device)s is well again (%(what)s, since %(since)s)") % said
    detail = f": {alarm.detail}" if alarm.detail else ""
    return _("⚠ %(device)s %(what)s, since %(since)s") % said + detail


def _describe(notice: AlarmNotice) -> dict[str, Any]:
    alarm = notice.alarm
    zone = alarm.display.zone if alarm.display else alarm.kiosk and alarm.kiosk.zone
    return {
        "id": f"{alarm.pk}-{notice.event}",
        "device": "storage" if alarm.is_of_site else "display" if alarm.display else "kiosk",
        "name": alarm.display.slot if alarm.display else str(alarm.kiosk or ""),
        "title": str(alarm.display or alarm.kiosk or _name_of(alarm)),
        "zone": zone.name if zone else "",
        "kind": alarm.kind,
        "detail": alarm.detail,
        "raised_at": alarm.raised_at.isoformat(),
        "cleared_at": alarm.cleared_at.isoformat() if alarm.cleared_at else None,
    }


def _name_of(alarm: Alarm) -> str:
    if alarm.is_of_site:
        return _("The storage of pictures")
    if alarm.display is None:
        return _("Kiosk %(name)s") % {"name": alarm.kiosk}
    slot, name = alarm.display.slot, alarm.display.name
    return _("Display %(name)s") % {"name": f"{slot} ({name})" if name else slot}


def _nothing_is_heard(notices: list[AlarmNotice]) -> bool:
    """Several fell silent, and nobody was heard since the first of them was missed."""
    silent = [n.alarm for n in notices if n.event == _Event.RAISED and n.alarm.kind == Alarm.Kind.SILENT]
    if len(silent) < 2:
        return False
    return not DeviceHealth.objects.filter(heard_at__gte=min(alarm.raised_at for alarm in silent)).exists()


def _time(at: Any) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
