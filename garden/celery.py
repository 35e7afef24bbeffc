"""The Celery app: messages for work whose truth is in the database.

Workers of `pictures.ENGINE` run with `--pool solo`: their models stay in one process, which releases its
slots at SIGTERM. All others run Celery's prefork pool, whose tasks have time limits.
"""

import os
import signal
from datetime import timedelta
from typing import Any

from billiard import current_process
from celery import Celery, shared_task
from celery.beat import PersistentScheduler
from celery.signals import worker_process_init
from kombu.transport import TRANSPORT_ALIASES

from garden.ops.processes import observe
from garden.parent_death import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "garden.settings.local")

TRANSPORT_ALIASES["filesystem"] = "garden.folder_broker:Transport"
app = Celery("garden")
app.set_default()  # Every thread's, whichever loaded this.
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
observe(app)

__all__ = ["SteadyScheduler", "app", "shared_task"]
_AHEAD = timedelta(seconds=2)
"""A time of the last run that is further ahead was noted by a clock that was wrong."""


@worker_process_init.connect  # type: ignore[untyped-decorator]
def follow_parent(**signalled: Any) -> None:
    """A child of the pool ends when its worker ends it or is killed, not by a signal to the worker's process group.

    The pool `solo` has no children and sends this signal in the worker itself.
    """
    if current_process().name == "MainProcess":
        return
    os.setpgrp()
    die_with_parent(signal.SIGKILL)


class SteadyScheduler(PersistentScheduler):
    """Celery's clock, for machines whose own is set back.

    Celery's own waits until the time comes again at which it last sent a message: for an hour, after one hour back.
    """

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        now = self.app.now()
        early = [entry for entry in self.schedule.values() if entry.last_run_at > now + _AHEAD]
        for entry in early:
            entry.last_run_at = now
        if early:
            self._heap = None  # Made again by the tick.
        return super().tick(*args, **kwargs)
