"""Background work of the garden: ids in, nothing out, safe to repeat."""

import logging
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage

from garden import webhooks
from garden.broker import enqueue, note_queue_heard
from garden.celery import shared_task
from garden.fleet.alerts import deliver, has_due_events
from garden.fleet.rules import update_site_alarm, watch
from garden.models import Alarm, Image
from garden.privacy.processing_log import chain_entries
from garden.privacy.retention import all_sweeps
from garden.storage.backends import AtomicFileSystemStorage
from garden.storage.comparison import FilesMissingError, find_differences
from garden.storage.sync import Repairer, RowsMissingError, refuse_lost_database, refuse_lost_storage
from garden.storage.thumbnails import make_thumbnail, sweep_thumbnails
from garden.walls.rotation import keep_walls

logger = logging.getLogger(__name__)
ABANDONED = timedelta(hours=1)
SYNC_WORKERS = 4
SWEEP_SECONDS = 20.0


@shared_task
def sweep_retention() -> dict[str, int]:
    """Delete what is older than privacy allows; returns how many rows of each kind. Likes stay, without visitors."""
    return {sweep.name: sweep.sweep() for sweep in all_sweeps()}


@shared_task
def chain_processing_record() -> int:
    return chain_entries()


@shared_task(bind=True)
def note_pulse(self: Any, queue: str) -> None:
    note_queue_heard(queue=queue, worker=self.request.hostname or "")


@shared_task
def play_walls() -> int:
    """Shows, turns, and places of pictures that left the garden; returns how many zones changed."""
    return keep_walls()


@shared_task
def discard_abandoned_files() -> int:
    """Remove half-written files of killed processes, where files lie on this machine."""
    if not isinstance(default_storage, AtomicFileSystemStorage):
        return 0
    return default_storage.discard_abandoned(ABANDONED)


@shared_task
def make_thumbnail_of(image: int) -> None:
    """Make the small copy of an image, unless it is gone meanwhile."""
    for found in Image.objects.filter(pk=image):
        make_thumbnail(image=found)


@shared_task
def make_missing_thumbnails() -> int:
    """Make up for lost messages, and try again what failed."""
    return sweep_thumbnails(seconds=SWEEP_SECONDS)


@shared_task
def sync_storage() -> dict[str, int]:
    """What `sync_storage --apply` does; returns how much was repaired of each kind.

    A storage or a database that was lost raises an alarm, and nothing is changed.
    """
    try:
        differences = list(find_differences())
        refuse_lost_storage(differences)
        refuse_lost_database(differences)
    except (FilesMissingError, RowsMissingError) as error:
        logger.error("Storage and database were not synchronized: %s", error.detail)
        update_site_alarm(Alarm.Kind.FILES_MISSING, error.detail)
        return {}
    update_site_alarm(Alarm.Kind.FILES_MISSING, "")
    repairer = Repairer(SYNC_WORKERS)
    for _ in repairer.repair(differences):
        pass
    for key, problem in repairer.problems:
        logger.warning("%s cannot be read: %s", key, problem)
    return {str(kind): count for kind, count in (+repairer.done).items()}


@shared_task
def watch_fleet() -> None:
    """Raise and clear alarms. Their delivery is a task of its own, so that a slow receiver does not delay the watch."""
    watch()
    if has_due_events():
        enqueue("garden.tasks.deliver_alarms")


@shared_task
def deliver_alarms() -> int:
    return deliver()


@shared_task
def deliver_webhooks() -> int:
    return webhooks.deliver()
