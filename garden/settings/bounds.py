"""How long background work may take, and how much memory. Celery's own names; `garden.bounds` keeps them."""

from typing import Any

from garden.settings.env import env_int
from garden.settings.pictures import GENERATION_TASK_SECONDS

TASK_SECONDS = env_int("TASK_SECONDS", 540, minimum=1)
LONG_TASK_SECONDS = env_int("LONG_TASK_SECONDS", 21_600, minimum=1)
GENERATION_HANG_SECONDS = env_int("GENERATION_HANG_SECONDS", 1_800, minimum=1)
WORKER_MEMORY_MIB = env_int("WORKER_MEMORY_MIB", 0)
TASK_GRACE_SECONDS = 30
"""Between breaking a task off and ending the worker that does not let go of it."""

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
    "generation.tasks.make_pictures": _within(GENERATION_TASK_SECONDS + GENERATION_HANG_SECONDS),
}
