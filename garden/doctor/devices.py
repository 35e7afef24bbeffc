"""Kiosks and screens: what the watch raised and nobody has cleared."""

from collections.abc import Iterator

from garden.doctor.base import Finding, question, warning, well
from garden.fleet.watching import watched
from garden.models import Alarm

SHOWN = 5


@question("devices")
def ask_devices() -> Iterator[Finding]:
    alarms = Alarm.objects.filter(cleared_at=None).select_related("kiosk", "display__zone").order_by("raised_at")
    for alarm in alarms[:SHOWN]:
        advice = "manage.py sync_storage" if alarm.is_of_site else "See the page Devices in the admin."
        yield warning("devices", f"{alarm} ({alarm.detail}).", advice)
    count = alarms.count()
    if count > SHOWN:
        yield warning("devices", f"And {count - SHOWN} more alarms.", "See the page Devices in the admin.")
    if not count:
        yield well("devices", f"{watched().count()} devices are watched, none is alarming.")
