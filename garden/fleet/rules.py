"""The rules of alarms: what raises one, what clears it, and which devices are watched."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from garden.fleet.alerts import configured_channels
from garden.models import Alarm, DeviceHealth

Kind = Alarm.Kind
Device = tuple[int | None, int | None]
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""Of the first round."""


def watch() -> bool:
    """One round: raise and clear alarms. False when another process did it at the same moment."""
    now, after = timezone.now(), timedelta(seconds=settings.ALERT_AFTER_SECONDS)
    try:
        with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
            _excuse_silence(now, longest=after / 2)
            _apply_rules(now, after)
    except IntegrityError:  # An alarm is raised once; the other process's counts.
        return False
    return True


def watched() -> QuerySet[DeviceHealth]:
    """Devices in use that have reported at least once."""
    in_use = Q(kiosk__is_active=True) | Q(display__is_active=True)
    return DeviceHealth.objects.filter(in_use).select_related("kiosk", "display__zone")


def update_site_alarm(kind: Alarm.Kind, detail: str) -> None:
    """Raise the site's alarm of this kind, or change the detail of the open one; without a detail clear it."""
    with transaction.atomic():
        opened = Alarm.objects.filter(kind=kind, kiosk=None, display=None, cleared_at=None)
        if not detail:
            _clear([alarm.pk for alarm in opened], timezone.now())
        elif not opened.update(detail=detail[:500]):
            Alarm.objects.bulk_create([Alarm(kind=kind, detail=detail[:500])], ignore_conflicts=True)


def troubles_of(health: DeviceHealth, *, now: datetime, after: timedelta) -> dict[str, str]:
    """What is alarming, with its details. Of a silent device nothing else is known."""
    if now - max(health.heard_at, health.silent_from) > after:
        heard = date_format(timezone.localtime(health.heard_at), "SHORT_DATETIME_FORMAT")
        return {Kind.SILENT: _("last heartbeat %(time)s") % {"time": heard}}
    found = {}
    if health.problem and _lasts(health.problem_at, now, after):
        found[Kind.PROBLEM.value] = health.problem
    if _lasts(health.behind_since, now, after):
        versions = {"shown": health.zone_version, "awaited": health.awaited_version}
        found[Kind.BEHIND.value] = _("shows version %(shown)s of the zone instead of %(awaited)s") % versions
    return found


def is_over(alarm: Alarm, health: DeviceHealth | None) -> bool:
    """Also when the device is not watched any more."""
    if health is None:
        return True
    if alarm.kind == Kind.SILENT:
        return health.heard_at > alarm.raised_at
    if alarm.kind == Kind.PROBLEM:
        return not health.problem
    return health.behind_since is None or health.behind_since > alarm.raised_at


def _excuse_silence(now: datetime, longest: timedelta) -> None:
    """Note the round. A longer time between two rounds counts as `longest`: the garden itself was off, asleep or busy
    then, and devices get the rest of the time to report again.
    """
    devices = DeviceHealth.objects.all()
    last = devices.aggregate(last=Max("checked_at"))["last"] or BEGINNING
    excess = now - last - longest
    if excess > timedelta():
        heard_since = devices.filter(silent_from__gt=last, silent_from__lt=now - longest)
        heard_since.update(silent_from=now - longest)
        devices.filter(silent_from__lte=last).update(silent_from=F("silent_from") + excess)
    devices.update(checked_at=now)


def _apply_rules(now: datetime, after: timedelta) -> None:
    healths = {_device(health): health for health in watched()}
    opened = [alarm for alarm in Alarm.objects.filter(cleared_at=None) if not alarm.is_of_site]
    over = [alarm.pk for alarm in opened if is_over(alarm, healths.get(_device(alarm)))]
    _clear(over, now)
    known = {(*_device(alarm), alarm.kind) for alarm in opened if alarm.pk not in over}
    Alarm.objects.bulk_create(
        Alarm(kiosk_id=device[0], display_id=device[1], kind=kind, detail=detail, raised_at=now)
        for device, health in healths.items()
        for kind, detail in troubles_of(health, now=now, after=after).items()
        if (*device, kind) not in known
    )
    _announce(healths, now)


def _clear(alarms: Iterable[int], now: datetime) -> None:
    Alarm.objects.filter(pk__in=alarms, cleared_at=None).update(cleared_at=now)


def _announce(healths: dict[Device, DeviceHealth], now: datetime) -> None:
    """Each configured channel is to be notified of every open alarm; of a muted device only later."""
    channels = configured_channels()
    missing = []
    for alarm in Alarm.objects.select_for_update().filter(cleared_at=None) if channels else ():
        health = healths.get(_device(alarm))
        if health is not None and health.quiet_until is not None and health.quiet_until > now:
            continue
        if not set(channels) <= set(alarm.notified):
            alarm.notified = dict.fromkeys(channels, "") | alarm.notified
            missing.append(alarm)
    Alarm.objects.bulk_update(missing, ["notified"])


def _lasts(since: datetime | None, now: datetime, after: timedelta) -> bool:
    return since is not None and now - since >= after


def _device(row: DeviceHealth | Alarm) -> Device:
    return row.kiosk_id, row.display_id
