"""The share of the work that is done, told step by step and never going back."""

from collections.abc import Callable
from dataclasses import dataclass

from generation.engines.base import OnStep


@dataclass(slots=True)
class Progress:
    """Counts finished pictures out of `total` and steps of the batch under way.

    A batch that is made again (memory ran out, a picture was broken) repeats steps: they are told as no progress,
    but told, since listeners also renew leases and cancel.
    """

    total: int
    on_step: OnStep
    finished: int = 0
    told: float = 0.0

    def finish(self, pictures: int) -> None:
        self.finished += pictures
        self._tell(self.finished / self.total)

    def of_batch(self, pictures: int) -> Callable[[float], None]:
        """Hears the share of a batch that is done."""
        return lambda share: self._tell((self.finished + pictures * share) / self.total)

    def _tell(self, progress: float) -> None:
        self.told = max(self.told, min(progress, 1.0))
        self.on_step(self.told)
