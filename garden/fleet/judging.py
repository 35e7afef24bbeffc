"""Whether something is wrong with a device, and whether what was wrong is over. No database here."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from garden.models import Alarm, DeviceHealth

Kind = Alarm.Kind


def troubles_of(
    health: DeviceHealth, *, now: datetime, after: timedelta, silent_before: datetime | None
) -> dict[str, str]:
    """What is alarming, with its details. Whoever is silent has no other trouble that we could know of."""
    if silent_before is not None and health.heard_at < silent_before:
        heard = date_format(timezone.localtime(health.heard_at), "SHORT_DATETIME_FORMAT")
        return {Kind.SILENT: _("last heard %(time)s") % {"time": heard}}
    found = {}
    if health.problem and _is_long_ago(health.problem_at, now, after):
        found[Kind.PROBLEM.value] = health.problem
    if _is_long_ago(health.behind_since, now, after):
        versions = {"shown": health.zone_version, "awaited": health.awaited_version}
        found[Kind.BEHIND.value] = _("shows version %(shown)s of the zone, not %(awaited)s") % versions
    return found


def is_over(alarm: Alarm, health: DeviceHealth | None) -> bool:
    """Silence ends with a word; a device that nobody watches any more alarms nobody."""
    if health is None:
        return True
    if alarm.kind == Kind.SILENT:
        return health.heard_at > alarm.raised_at
    if alarm.kind == Kind.PROBLEM:
        return not health.problem
    return health.behind_since is None or health.behind_since > alarm.raised_at


def listened_since(rounds: Sequence[datetime], after: timedelta) -> datetime | None:
    """Since when the garden listened for `after`; None while it listened less. `rounds` of the watch, newest first.

    A long time between two rounds counts as half of `after`: then the garden itself was off, asleep or busy, and
    devices get the other half to be heard again.
    """
    left = after
    for later, earlier in pairwise(rounds):
        listened = min(max(later - earlier, timedelta()), after / 2)
        if listened >= left:
            return later - left
        left -= listened
    return None


def _is_long_ago(since: datetime | None, now: datetime, after: timedelta) -> bool:
    return since is not None and now - since >= after
