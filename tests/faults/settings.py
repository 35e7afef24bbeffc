"""Settings of the workers that the fault tests start: an engine without a model, short leases, a quick sweeper."""

from garden.settings.local import *  # noqa: F403
from garden.settings.local import CELERY_BEAT_SCHEDULE, DATABASES, GENERATION_ENGINES

GENERATION_ENGINES = {
    **GENERATION_ENGINES,
    "quick": {"BACKEND": "tests.generation.quick_engine.QuickEngine", "OPTIONS": {}},
}
GENERATION_DEFAULT_ENGINE = "quick"
GENERATION_LEASE_SECONDS = 3
GENERATION_HEARTBEAT_SECONDS = 1
GENERATION_MAX_ATTEMPTS = 50
GENERATION_TASK_SECONDS = 5
CELERY_BEAT_SCHEDULE = {**CELERY_BEAT_SCHEDULE, "sweep-slots": {"task": "generation.tasks.sweep", "schedule": 1.0}}

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A killed process leaves what it wrote to the kernel; only a power cut would need the disk.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
