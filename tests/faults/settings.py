"""Settings of the workers that the fault tests start: an engine without a model, short leases, a quick sweeper."""

import os
import sys

sys.modules["rich"] = None  # type: ignore[assignment]  # No site has it; structlog would import it at each start.

from garden.settings.local import *  # noqa: E402, F403
from garden.settings.local import CELERY_BEAT_SCHEDULE, DATABASES, GENERATION_ENGINES  # noqa: E402

GENERATION_ENGINES = {
    **GENERATION_ENGINES,
    "quick": {"BACKEND": "tests.generation.quick_engine.QuickEngine", "OPTIONS": {}},
}
GENERATION_DEFAULT_ENGINE = "quick"
GENERATION_LEASE_SECONDS = 3
GENERATION_HEARTBEAT_SECONDS = 1
GENERATION_MAX_ATTEMPTS = 50
GENERATION_TASK_SECONDS = 5
DATABASE_STATEMENT_SECONDS = 3
STORAGE_PATIENCE_SECONDS = int(os.environ.get("STORAGE_PATIENCE_SECONDS", "60"))
CELERY_BEAT_SCHEDULE = {**CELERY_BEAT_SCHEDULE, "sweep-slots": {"task": "generation.tasks.sweep", "schedule": 1.0}}

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A killed process leaves what it wrote to the kernel; only a power cut would need the disk.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
    DATABASES["default"]["OPTIONS"]["timeout"] = 240  # On a busy machine a migration keeps writers waiting for long.
