"""Celery's clock, for machines whose own is set back."""

from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler

AHEAD = timedelta(seconds=2)
"""What was rung later than now was rung by a clock that went wrong, unless it is a matter of moments."""


class SteadyScheduler(PersistentScheduler):  # type: ignore[misc]
    """Celery's own waits until the time comes again at which it rang last: for an hour, when it is set back an hour."""

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        now = self.app.now()
        early = [entry for entry in self.schedule.values() if entry.last_run_at > now + AHEAD]
        for entry in early:
            entry.last_run_at = now
        if early:
            self._heap = None  # Made anew by the tick.
        return super().tick(*args, **kwargs)
