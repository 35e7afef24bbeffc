"""An operator knows of a device: nobody is told of its alarms for a while. They stay to be seen."""

from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from garden.errors import RefusedError
from garden.models import AlarmNotice, DeviceHealth

LONGEST_HOURS = 7 * 24


class UnknownDeviceError(RefusedError):
    """There is no such device, or it was never heard."""

    code = "unknown_device"
    status = 404


def be_quiet(*, device: str, hours: int, by: AbstractBaseUser) -> DeviceHealth:
    """`device` as on the page: `display-5`. For 0 hours: alarms again. Raises UnknownDeviceError."""
    kind, _, pk = device.partition("-")
    health = DeviceHealth.objects.filter(**{f"{kind}__pk": int(pk)}).first()
    if health is None:
        raise UnknownDeviceError(f"There is no device {device!r} that was ever heard.", device=device)
    health.quiet_until = timezone.now() + timedelta(hours=hours) if hours else None
    health.quiet_by = by.get_username() if hours else ""
    health.save(update_fields=["quiet_until", "quiet_by"])
    if hours:
        untold = AlarmNotice.objects.filter(told_at=None, event=AlarmNotice.Event.RAISED)
        untold.filter(alarm__kiosk=health.kiosk_id, alarm__display=health.display_id).delete()
    return health
