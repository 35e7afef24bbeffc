"""The watch: raises alarms and clears them, each once, and notes who is to be told."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from garden.fleet.judging import is_over, listened_since, troubles_of
from garden.fleet.telling import configured_channels
from garden.models import Alarm, AlarmNotice, DeviceHealth, WatchRound

LEAST_KEPT = timedelta(hours=1)
Device = tuple[int | None, int | None]


def watch() -> bool:
    """One round. False when another watcher was at work at the same moment, and did it."""
    now, after = timezone.now(), timedelta(seconds=settings.ALERT_AFTER_SECONDS)
    silent_before = listened_since(_take_round(now, after), after)
    try:
        with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
            _judge(now, after, silent_before)
    except IntegrityError:  # An alarm is raised once; the other watcher's counts.
        return False
    return True


def raise_site_alarm(kind: Alarm.Kind, detail: str) -> None:
    """Raise the alarm of this kind, or bring the detail of the open one up to date; `watch` notifies of it."""
    opened = Alarm.objects.filter(kind=kind, kiosk=None, display=None, cleared_at=None)
    if not opened.update(detail=detail[:500]):
        Alarm.objects.bulk_create([Alarm(kind=kind, detail=detail[:500])], ignore_conflicts=True)


def clear_site_alarm(kind: Alarm.Kind) -> None:
    opened = Alarm.objects.filter(kind=kind, kiosk=None, display=None, cleared_at=None)
    with transaction.atomic():
        _clear(list(opened.select_for_update()), timezone.now())


def watched() -> QuerySet[DeviceHealth]:
    """Devices that were heard at least once and are in use."""
    in_use = Q(kiosk__is_active=True) | Q(display__is_active=True)
    return DeviceHealth.objects.filter(in_use).select_related("kiosk", "display__zone")


def _take_round(now: datetime, after: timedelta) -> list[datetime]:
    """This round and those before it, newest first."""
    kept = now - max(LEAST_KEPT, 2 * after)
    WatchRound.objects.filter(at__lt=kept).delete()
    earlier = WatchRound.objects.filter(at__lt=now).order_by("-at").values_list("at", flat=True)
    rounds = [now, *earlier]
    WatchRound.objects.create(at=now)
    return rounds


def _judge(now: datetime, after: timedelta, silent_before: datetime | None) -> None:
    healths = {_device(health): health for health in watched()}
    opened = [alarm for alarm in Alarm.objects.filter(cleared_at=None) if not alarm.is_of_site]
    _clear([alarm for alarm in opened if is_over(alarm, healths.get(_device(alarm)))], now)
    still = {(*_device(alarm), alarm.kind) for alarm in opened if alarm.cleared_at is None}
    troubles = {
        (*device, kind): detail
        for device, health in healths.items()
        for kind, detail in troubles_of(health, now=now, after=after, silent_before=silent_before).items()
    }
    Alarm.objects.bulk_create(
        Alarm(kiosk_id=kiosk, display_id=display, kind=kind, detail=detail, raised_at=now)
        for (kiosk, display, kind), detail in troubles.items()
        if (kiosk, display, kind) not in still
    )
    _note_raised(healths, now)


def _clear(alarms: list[Alarm], now: datetime) -> None:
    """Of the end hears whoever hears of the beginning."""
    if not alarms:
        return
    for alarm in alarms:
        alarm.cleared_at = now
    over = Alarm.objects.filter(pk__in=[alarm.pk for alarm in alarms], cleared_at=None)
    over.update(cleared_at=now)
    raised = AlarmNotice.objects.filter(alarm__in=alarms, event=AlarmNotice.Event.RAISED)
    _note(raised.values_list("alarm", "channel"), AlarmNotice.Event.CLEARED)


def _note_raised(healths: dict[Device, DeviceHealth], now: datetime) -> None:
    """Of every alarm that goes on, each channel is to hear once; of a device told to be quiet, later."""
    if not (channels := configured_channels()):
        return
    noted = AlarmNotice.Event.RAISED
    opened = Alarm.objects.filter(cleared_at=None)
    loud = [alarm.pk for alarm in opened if alarm.is_of_site or not is_quiet(healths[_device(alarm)], now)]
    known = set(AlarmNotice.objects.filter(alarm__in=loud, event=noted).values_list("alarm", "channel"))
    _note(((pk, channel) for pk in loud for channel in channels if (pk, channel) not in known), noted)


def _note(whom: Iterable[tuple[int, str]], event: str) -> None:
    notices = [AlarmNotice(alarm_id=alarm, channel=channel, event=event) for alarm, channel in whom]
    AlarmNotice.objects.bulk_create(notices, ignore_conflicts=True)


def is_quiet(health: DeviceHealth, now: datetime) -> bool:
    return health.quiet_until is not None and health.quiet_until > now


def _device(row: DeviceHealth | Alarm) -> Device:
    return row.kiosk_id, row.display_id
