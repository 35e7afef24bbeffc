"""Settings of a worker whose tasks hang and swell."""

from tests.faults.settings import *  # noqa: F403

CELERY_IMPORTS = ["tests.faults.unbounded"]
