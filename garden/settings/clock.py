"""What Celery beat rings, and how often. A ring that nobody answered in time is not kept."""

from typing import Any

from garden.settings.files import SYNC_STORAGE_MINUTES

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
    "tally-garden": {"task": "recommend.tasks.tally_garden", "schedule": 3600.0, "options": {"expires": 3600.0}},
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
    "follow-lookalikes": {
        "task": "curation.tasks.follow_lookalikes",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
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
