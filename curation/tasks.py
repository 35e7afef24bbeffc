"""Tasks of curation; each may run late, twice or not at all."""

import uuid
from datetime import timedelta

from django.conf import settings

from curation.dashboard.figures import roll_up_all
from curation.models import BulkOperation
from curation.services.operations import purge_trash, run_operation
from curation.services.releases import start_due_releases
from garden.broker import enqueue
from garden.celery import shared_task

SILENCE = timedelta(minutes=2)


@shared_task
def carry_out(operation_id: str) -> None:
    run_operation(operation_id=uuid.UUID(operation_id))


@shared_task
def sweep_operations() -> int:
    """Enqueue again the operations whose worker died or whose message was lost."""
    silent = list(BulkOperation.objects.silent_for(SILENCE).values_list("pk", flat=True))
    for operation_id in silent:
        enqueue("curation.tasks.carry_out", str(operation_id))
    return len(silent)


@shared_task
def start_releases() -> int:
    return start_due_releases()


@shared_task
def empty_trash() -> int:
    """Delete permanently what has been in the trash for longer than the site keeps it."""
    if not settings.CURATION_TRASH_DAYS:
        return 0
    operation = purge_trash(older_than=timedelta(days=settings.CURATION_TRASH_DAYS))
    return operation.total if operation else 0


@shared_task
def renew_figures() -> None:
    roll_up_all()
