"""Settings of a clock that nobody waits half a minute for."""

from garden.settings.local import *  # noqa: F403
from garden.settings.local import CELERY_BEAT_SCHEDULE

CELERY_BEAT_SCHEDULE = {
    name: {**entry, "schedule": 1.0} if name.startswith("pulse-of-") else entry
    for name, entry in CELERY_BEAT_SCHEDULE.items()
}
