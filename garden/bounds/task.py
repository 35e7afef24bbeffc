"""What every task of a worker is."""

from typing import Any

from celery import Task

from garden.bounds.time import within
from garden.errors import GardenError


class MemorySpentError(GardenError):
    """A task wanted more memory than its worker may have."""

    code = "memory_spent"


class BoundedTask(Task):
    """A call by a worker is bounded; a call by our own code is a call."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.request.called_directly:
            return super().__call__(*args, **kwargs)
        try:
            with within(soft=self.soft_time_limit, hard=self.time_limit):
                return self.run(*args, **kwargs)
        except MemoryError as error:  # Celery takes one for the end of the worker.
            raise MemorySpentError(f"{self.name} wanted more memory than the worker may have.") from error
