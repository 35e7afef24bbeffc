"""A ceiling for the memory of a worker: whoever asks for more gets a MemoryError, and the machine stays whole."""

import resource
from typing import Any

from django.conf import settings

_MIB = 1 << 20


def limit_memory(**signalled: Any) -> None:
    """Celery's `worker_init`. Counted is what a process writes to (RLIMIT_DATA): files and shared memory are not."""
    if settings.WORKER_MEMORY_MIB:
        ceiling = settings.WORKER_MEMORY_MIB * _MIB
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (ceiling, hard))
