"""Background work: the broker, the limits of tasks, the queues, and what Celery beat sends how often."""

from typing import Any

from garden.settings import env
from garden.settings.connections import broker_options
from garden.settings.site import DATA_DIR, TIME_ZONE, WALLS_PARALLAX

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
    "for sites whose bucket sends no events; 0 is never. See [follow a bucket]"
    "(../how-to/use-s3.md#follow-a-bucket-that-other-tools-write-to).",
)
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


CELERY_TASK_SOFT_TIME_LIMIT = TASK_SECONDS
CELERY_TASK_TIME_LIMIT = TASK_SECONDS + TASK_GRACE_SECONDS
CELERY_TASK_ANNOTATIONS = {
    task: {"soft_time_limit": LONG_TASK_SECONDS, "time_limit": LONG_TASK_SECONDS + TASK_GRACE_SECONDS} for task in _LONG
}
CELERY_WORKER_CONCURRENCY = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = WORKER_MEMORY_MIB * 1024 or None  # KiB

# --- Queues and schedule --------------------------------------------------------------------------
WORKER_QUEUES = ["celery", "walls", "alarms"]
"""The queues that every site needs a worker for; engines' own are `pictures.ENGINE`."""

# Alarms stand behind nothing else.
CELERY_TASK_ROUTES = {f"garden.tasks.{task}": {"queue": "alarms"} for task in ("watch_fleet", "deliver_alarms")}


def _every(seconds: float, task: str, *, expires: bool = True, **entry: Any) -> dict[str, Any]:
    """A message that no worker took before the next one is sent expires, unless the work is rare."""
    options = ({"expires": seconds} if expires else {}) | entry.pop("options", {})
    return {"task": task, "schedule": seconds, "options": options, **entry}


CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep-retention": _every(3600.0, "garden.tasks.sweep_retention", expires=False),
    "chain-processing-record": _every(60.0, "garden.tasks.chain_processing_record"),
    "discard-abandoned-files": _every(3600.0, "garden.tasks.discard_abandoned_files", expires=False),
    # A queue of its own: workers take turns between queues, and a thousand new thumbnails must not stop the walls.
    "play-walls": _every(5.0, "garden.tasks.play_walls", options={"queue": "walls"}),
    "make-missing-thumbnails": _every(60.0, "garden.tasks.make_missing_thumbnails"),
    "tally-slates": _every(300.0, "recommend.tasks.tally_slates"),
    "count-coverage": _every(3600.0, "recommend.tasks.count_coverage", expires=False),
    "watch-trial": _every(60.0, "recommend.tasks.watch_trial"),
    "describe-images": _every(30.0, "recommend.tasks.sweep_descriptions", kwargs={"lately": True}),
    "describe-all-images": _every(3600.0, "recommend.tasks.sweep_descriptions", expires=False),
    "save-state": _every(60.0, "recommend.tasks.save_state"),
    "prune-canvases": _every(3600.0, "generation.tasks.prune_canvases", expires=False),
    "prune-growths": _every(3600.0, "generation.tasks.prune_growths", expires=False),
    "switch-hosts": _every(60.0, "generation.tasks.switch_hosts"),
    "renew-figures": _every(300.0, "curation.tasks.renew_figures"),
    "empty-trash": _every(3600.0, "curation.tasks.empty_trash", expires=False),
    "start-releases": _every(10.0, "curation.tasks.start_releases"),
    "sweep-acts": _every(60.0, "curation.tasks.sweep_operations"),
    "deliver-webhooks": _every(15.0, "garden.tasks.deliver_webhooks"),
    "watch-fleet": _every(15.0, "garden.tasks.watch_fleet"),
    "sweep-slots": _every(10.0, "generation.tasks.sweep"),
    **{
        f"pulse-of-{queue}": _every(
            30.0,
            "garden.tasks.note_pulse",
            args=[queue],
            options={"queue": queue, "expires": 150.0},  # `SILENCE`.
        )
        for queue in WORKER_QUEUES
    },
}
if WALLS_PARALLAX:  # It paints, so the painter's workers do it.
    CELERY_BEAT_SCHEDULE["make-parallax"] = _every(
        10.0, "generation.tasks.make_parallax", options={"queue": "pictures.painter"}
    )
if SYNC_STORAGE_MINUTES:
    CELERY_BEAT_SCHEDULE["sync-storage"] = _every(60.0 * SYNC_STORAGE_MINUTES, "garden.tasks.sync_storage")
