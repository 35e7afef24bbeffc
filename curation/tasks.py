"""Celery's side of curation: every task may come late, twice or never."""

import uuid
from datetime import timedelta

from django.conf import settings

from curation.bell import ring_for_act
from curation.dashboard.rollups import roll_up_all
from curation.likeness.counting import follow_changes
from curation.models import Act
from curation.services import purge_trash, run_act, start_due_releases
from garden.celery import shared_task

SILENCE = timedelta(minutes=2)


@shared_task
def carry_out(act_id: str) -> None:
    run_act(act_id=uuid.UUID(act_id))


@shared_task
def sweep_acts() -> int:
    """Ring again for acts whose worker died, or whose bell nobody heard."""
    silent = list(Act.objects.silent_for(SILENCE).values_list("pk", flat=True))
    for act_id in silent:
        ring_for_act(act_id)
    return len(silent)


@shared_task
def start_releases() -> int:
    return start_due_releases()


@shared_task
def empty_trash() -> int:
    """Delete for ever what has been in the trash for longer than the site keeps it."""
    if not settings.CURATION_TRASH_DAYS:
        return 0
    act = purge_trash(older_than=timedelta(days=settings.CURATION_TRASH_DAYS))
    return act.total if act else 0


@shared_task
def follow_lookalikes() -> int:
    """Groups of look-alikes that lost or regained pictures are counted anew."""
    return follow_changes()


@shared_task
def renew_figures() -> None:
    """What the dashboard shows of all pictures."""
    roll_up_all()
