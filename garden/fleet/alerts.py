"""Delivery of alarms by webhook and mail: at least once a channel, and once unless a process dies in between.

`Alarm.notified` holds what is still to be delivered. A channel that fails is tried again later; when, and why it
failed, is in the cache: without it the channel is tried at once.
"""

import logging
import smtplib
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypedDict

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from garden.models import Alarm, DeviceHealth
from garden.signed_post import PostError, post_signed, wait_after

logger = logging.getLogger(__name__)
LEASE_SECONDS = 60
LONGEST_WAIT = timedelta(minutes=15)
MAX_EVENTS = 200
"""In one message."""
RAISED, CLEARED = "raised", "cleared"


class Event(NamedTuple):
    """`name` is RAISED or CLEARED."""

    alarm: Alarm
    name: str

    @property
    def id(self) -> str:
        return f"{self.alarm.pk}-{self.name}"


class Failure(TypedDict):
    """Of a channel; `events` are the ids of those that it could not deliver."""

    attempts: int
    due_at: datetime
    error: str
    events: list[str]


def configured_channels() -> list[str]:
    channels = {"webhook": settings.ALERT_WEBHOOK_URL, "email": settings.ALERT_EMAILS}
    return [channel for channel, address in channels.items() if address]


def has_due_events() -> bool:
    """Also for a channel that is no longer configured, whose events are dropped."""
    configured = configured_channels()
    channels = {channel for alarm in _unfinished() for channel in alarm.notified}
    return any(channel not in configured or _due_events(channel) for channel in channels)


def deliver() -> int:
    """Send what is due, each channel by itself; returns how many events arrived."""
    delivered = sum(_deliver(channel) for channel in configured_channels())
    _forget_other_channels()
    return delivered


def send_test(*, by: str) -> dict[str, str]:
    """Send a test by each configured channel now; by channel, why it failed, or nothing."""
    with translation.override(settings.LANGUAGE_CODE):
        text = _("Test alarm, sent by %(who)s. No device is affected.") % {"who": by}
        return {channel: _test(channel, text) for channel in configured_channels()}


def _test(channel: str, text: str) -> str:
    try:
        if channel == "webhook":
            _post({"text": text, "page": _fleet_address(), RAISED: [], CLEARED: []})
        else:
            _mail(_("test alarm"), text)
    except (PostError, smtplib.SMTPException, OSError) as error:
        return str(error) or type(error).__name__
    return ""


def delivery_error() -> str:
    """Why a channel could not deliver; empty where none failed."""
    failures = [_failure(channel) for channel in configured_channels()]
    return next((failure["error"] for failure in failures if failure), "")


@transaction.atomic
def mute(health: DeviceHealth) -> None:
    """Deliver nothing of the device's alarms that was not delivered yet; the watch announces them again later."""
    alarms = Alarm.objects.filter(kiosk=health.kiosk_id, display=health.display_id, end_notified_at=None)
    for alarm in alarms.exclude(notified={}).select_for_update():
        alarm.notified = {channel: event for channel, event in alarm.notified.items() if event}
        alarm.save(update_fields=["notified"])


def _post(message: dict[str, Any]) -> None:
    post_signed(settings.ALERT_WEBHOOK_URL, message, settings.ALERT_WEBHOOK_SECRET)


def _mail(news: str, text: str) -> None:
    """Raises smtplib.SMTPException or OSError."""
    subject = _("Emotion Garden: %(news)s") % {"news": news}
    headers = {"Auto-Submitted": "auto-generated"}
    EmailMessage(subject, text, to=settings.ALERT_EMAILS, headers=headers).send()


def describe(events: list[Event]) -> dict[str, Any]:
    """The body of the webhook. An event that comes twice has the same `id`."""
    by_name = {name: [_fields(event) for event in events if event.name == name] for name in (RAISED, CLEARED)}
    return {"text": _text(events), "page": _fleet_address(), **by_name}


def _deliver(channel: str) -> int:
    """One process a channel. The lease of one that is killed expires."""
    lease = f"alerts.{channel}.lease"
    if not cache.add(lease, True, LEASE_SECONDS):
        return 0
    events = _due_events(channel)[:MAX_EVENTS]
    delivered = _send(channel, events) if events else 0
    cache.delete(lease)
    return delivered


def _send(channel: str, events: list[Event]) -> int:
    try:
        with translation.override(settings.LANGUAGE_CODE):
            if channel == "webhook":
                _post(describe(events))
            else:  # One mail, however many events.
                _mail(_headline(events), _text(events))
    except (PostError, smtplib.SMTPException, OSError) as error:
        logger.warning("%d alarms could not be delivered by %s: %s", len(events), channel, error)
        _note_failure(channel, events, str(error))
        return 0
    _mark(channel, events)
    return len(events)


def _due_events(channel: str) -> list[Event]:
    """Those of a channel that failed wait, unless there is an event that it has not tried."""
    alarms = [alarm for alarm in _unfinished() if channel in alarm.notified]
    events = [Event(alarm, RAISED) for alarm in alarms if not alarm.notified[channel]]
    events += [Event(alarm, CLEARED) for alarm in alarms if alarm.cleared_at and alarm.notified[channel] != CLEARED]
    failure = _failure(channel)
    if failure and timezone.now() < failure["due_at"] and {event.id for event in events} <= set(failure["events"]):
        return []
    return events


def _unfinished() -> list[Alarm]:
    """Open alarms, and ended ones of which some channel does not know the end."""
    alarms = Alarm.objects.filter(Q(cleared_at=None) | Q(end_notified_at=None)).exclude(notified={})
    return list(alarms.select_related("kiosk__zone", "display__zone").order_by("pk"))


def _failure(channel: str) -> Failure | None:
    found: Failure | None = cache.get(f"alerts.{channel}.failure")
    return found


def _note_failure(channel: str, events: list[Event], error: str) -> None:
    before = _failure(channel)
    attempts = before["attempts"] + 1 if before else 1
    due_at = timezone.now() + wait_after(attempts, LONGEST_WAIT)
    ids = [event.id for event in events]
    failure = Failure(attempts=attempts, due_at=due_at, error=error[:500], events=ids)
    cache.set(f"alerts.{channel}.failure", failure, 2 * LONGEST_WAIT.total_seconds())


def _mark(channel: str, events: list[Event]) -> None:
    """Of an alarm that ended, the end comes after the beginning."""
    with transaction.atomic():
        alarms = Alarm.objects.select_for_update().in_bulk([event.alarm.pk for event in events])
        for event in events:
            if alarm := alarms.get(event.alarm.pk):
                alarm.notified[channel] = event.name
                _note_finished(alarm)
        Alarm.objects.bulk_update(alarms.values(), ["notified", "notified_at", "end_notified_at"])
    cache.delete(f"alerts.{channel}.failure")


@transaction.atomic
def _forget_other_channels() -> None:
    configured = configured_channels()
    unfinished = [alarm.pk for alarm in _unfinished() if not set(alarm.notified) <= set(configured)]
    for alarm in Alarm.objects.select_for_update().filter(pk__in=unfinished):
        alarm.notified = {channel: event for channel, event in alarm.notified.items() if channel in configured}
        _note_finished(alarm)
        alarm.save(update_fields=["notified", "notified_at", "end_notified_at"])


def _note_finished(alarm: Alarm) -> None:
    if alarm.notified and all(alarm.notified.values()):
        alarm.notified_at = alarm.notified_at or timezone.now()
    if alarm.notified and set(alarm.notified.values()) == {CLEARED}:
        alarm.end_notified_at = timezone.now()


def _headline(events: list[Event]) -> str:
    raised = sum(event.name == RAISED for event in events)
    ended = len(events) - raised
    parts = [ngettext("%(n)d alarm", "%(n)d alarms", raised) % {"n": raised}] if raised else []
    if ended:
        parts.append(ngettext("%(n)d alarm ended", "%(n)d alarms ended", ended) % {"n": ended})
    return ", ".join(parts)


def _text(events: list[Event]) -> str:
    """A line each; before them, what they have in common."""
    lines = [_sentence(event) for event in events]
    if _is_nothing_heard(events):
        lines.insert(0, _("No device sends heartbeats any more: check the network and the web server first."))
    return "\n".join(line for line in (*lines, _fleet_address()) if line)


def _sentence(event: Event) -> str:
    alarm = event.alarm
    values = {"device": _name_of(alarm), "what": alarm.get_kind_display(), "since": _time(alarm.raised_at)}
    if event.name == CLEARED:
        return _("✓ %(device)s has recovered (%(what)s, since %(since)s)") % values
    detail = f": {alarm.detail}" if alarm.detail else ""
    return _("⚠ %(device)s %(what)s, since %(since)s") % values + detail


def _fields(event: Event) -> dict[str, Any]:
    alarm = event.alarm
    zone = alarm.display.zone if alarm.display else alarm.kiosk and alarm.kiosk.zone
    return {
        "id": event.id,
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
        return _("Picture storage")
    if alarm.display is None:
        return _("Kiosk %(name)s") % {"name": alarm.kiosk}
    slot, name = alarm.display.slot, alarm.display.name
    return _("Display %(name)s") % {"name": f"{slot} ({name})" if name else slot}


def _is_nothing_heard(events: list[Event]) -> bool:
    """Several became silent, and no device has reported since the first of them did."""
    silent = [event.alarm for event in events if event.name == RAISED and event.alarm.kind == Alarm.Kind.SILENT]
    if len(silent) < 2:
        return False
    return not DeviceHealth.objects.filter(heard_at__gte=min(alarm.raised_at for alarm in silent)).exists()


def _fleet_address() -> str:
    """Empty where the site does not know its own address."""
    return f"{settings.PUBLIC_URL}{reverse('curation:fleet')}" if settings.PUBLIC_URL else ""


def _time(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
