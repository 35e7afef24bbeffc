"""Background work: the broker, the limits of tasks, the queues, and what Celery beat sends how often."""

from typing import Any

from garden.settings import env
from garden.settings.connections import broker_options
from garden.settings.site import DATA_DIR, TIME_ZONE

env.section("Services")
CELERY_BROKER_URL = env.text(
    "CELERY_BROKER_URL",
    "filesystem://localhost",
    "The broker between web and workers: `redis://host/0` or `amqp://user:password@host//` for several machines. "
    "`filesystem://` needs no server: folders in `DATA_DIR/broker`.",
    "URL",
    secret=True,
)
SYNC_STORAGE_MINUTES = env.integer(
    "SYNC_STORAGE_MINUTES",
    0,
    "Minutes between two runs of `sync_storage`, which compares the storage with the database and repairs differences, "
    "for sites whose bucket sends no events; 0 is never. See [follow a bucket](../how-to/follow-a-bucket.md).",
)
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # A worker waits for its broker as long as it takes.
CELERY_BROKER_CONNECTION_TIMEOUT = 3
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "garden.celery.SteadyScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(CELERY_BROKER_URL, DATA_DIR / "broker")

# --- Limits ---------------------------------------------------------------------------------------
TASK_SECONDS = 540
LONG_TASK_SECONDS = 21_600
GENERATION_HANG_SECONDS = 1_800
WORKER_MEMORY_MIB = env.integer(
    "WORKER_MEMORY_MIB",
    0,
    "MiB (resident) above which a process of background work is replaced after its task; 0 is never. Set it below the "
    "limit of the container. Workers of pictures run in one process, which is not replaced.",
)
TASK_GRACE_SECONDS = 30
"""Between breaking a task off and ending the process that does not let go of it."""

_LONG = (
    "garden.tasks.sync_storage",
    "garden.tasks.sweep_retention",
    "recommend.tasks.describe_images",
    "recommend.tasks.sweep_descriptions",
    "curation.tasks.carry_out",
    "curation.tasks.empty_trash",
)
"""What grows with a site: whole buckets, acts on thousands of pictures."""


def _within(seconds: int) -> dict[str, Any]:
    return {"soft_time_limit": seconds, "time_limit": seconds + TASK_GRACE_SECONDS}


CELERY_TASK_SOFT_TIME_LIMIT = TASK_SECONDS
CELERY_TASK_TIME_LIMIT = TASK_SECONDS + TASK_GRACE_SECONDS
CELERY_TASK_ANNOTATIONS = {
    **{task: _within(LONG_TASK_SECONDS) for task in _LONG},
}
CELERY_WORKER_CONCURRENCY = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = WORKER_MEMORY_MIB * 1024 or None  # KiB

# --- Queues and schedule --------------------------------------------------------------------------
WORKER_QUEUES = ["celery", "walls", "alarms"]
"""The queues that every site needs a worker for; engines' own are `pictures.ENGINE`."""

# Alarms stand behind nothing else.
CELERY_TASK_ROUTES = {f"garden.tasks.{task}": {"queue": "alarms"} for task in ("watch_fleet", "tell_alarms")}

CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep-retention": {"task": "garden.tasks.sweep_retention", "schedule": 3600.0},
    "chain-processing-record": {
        "task": "garden.tasks.chain_processing_record",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "sweep-souvenirs": {"task": "garden.tasks.sweep_souvenirs", "schedule": 3600.0},
    "discard-abandoned-files": {"task": "garden.tasks.discard_abandoned_files", "schedule": 3600.0},
    "play-walls": {
        "task": "garden.tasks.play_walls",
        "schedule": 5.0,
        # A queue of its own: workers take turns between queues, and a thousand new thumbnails must not stop the walls.
        "options": {"expires": 5.0, "queue": "walls"},
    },
    "forget-audit": {"task": "garden.tasks.forget_audit", "schedule": 3600.0},
    "forget-wall-changes": {"task": "garden.tasks.forget_wall_changes", "schedule": 3600.0},
    "make-missing-thumbnails": {
        "task": "garden.tasks.make_missing_thumbnails",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "tally-slates": {"task": "recommend.tasks.tally_slates", "schedule": 300.0, "options": {"expires": 300.0}},
    "watch-trial": {"task": "recommend.tasks.watch_trial", "schedule": 60.0, "options": {"expires": 60.0}},
    "describe-images": {
        "task": "recommend.tasks.sweep_descriptions",
        "schedule": 30.0,
        "kwargs": {"lately": True},
        "options": {"expires": 30.0},
    },
    "describe-all-images": {"task": "recommend.tasks.sweep_descriptions", "schedule": 3600.0},
    "keep-snapshot": {"task": "recommend.tasks.keep_snapshot", "schedule": 60.0, "options": {"expires": 60.0}},
    "prune-canvases": {"task": "generation.tasks.prune_canvases", "schedule": 3600.0},
    "switch-hosts": {"task": "generation.tasks.switch_hosts", "schedule": 60.0, "options": {"expires": 60.0}},
    "renew-figures": {"task": "curation.tasks.renew_figures", "schedule": 300.0, "options": {"expires": 300.0}},
    "empty-trash": {"task": "curation.tasks.empty_trash", "schedule": 3600.0},
    "start-releases": {"task": "curation.tasks.start_releases", "schedule": 10.0, "options": {"expires": 10.0}},
    "sweep-acts": {"task": "curation.tasks.sweep_acts", "schedule": 60.0, "options": {"expires": 60.0}},
    "watch-fleet": {"task": "garden.tasks.watch_fleet", "schedule": 15.0, "options": {"expires": 15.0}},
    "sweep-slots": {"task": "generation.tasks.sweep", "schedule": 10.0, "options": {"expires": 10.0}},
}
CELERY_BEAT_SCHEDULE |= {
    f"pulse-of-{queue}": {
        "task": "garden.tasks.note_pulse",
        "schedule": 30.0,
        "args": [queue],
        "options": {"expires": 30.0, "queue": queue},
    }
    for queue in WORKER_QUEUES
}
if SYNC_STORAGE_MINUTES:
    CELERY_BEAT_SCHEDULE["sync-storage"] = {
        "task": "garden.tasks.sync_storage",
        "schedule": 60.0 * SYNC_STORAGE_MINUTES,
        "options": {"expires": 60.0 * SYNC_STORAGE_MINUTES},
    }
