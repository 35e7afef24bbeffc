"""Bulk jobs as the page lists them."""

from typing import Any

from django.db.models import Q

from generation.models import GenerationJob
from generation.models.job import Priority
from generation.orders import ORDERED_HERE

SHOWN = 10
_OPEN = ("queued", "paused", "leased")


def recent_jobs(count: int = SHOWN) -> list[dict[str, Any]]:
    """The newest jobs that were ordered here or by a command, with how far they are; two queries."""
    ordered = Q(request_key__startswith=ORDERED_HERE) | Q(request_key=None, priority=Priority.BULK)
    jobs = GenerationJob.objects.filter(ordered).newest(count).with_counts().select_related("owner")
    return [_describe(job) for job in jobs]


def _describe(job: Any) -> dict[str, Any]:
    return {
        "id": str(job.pk),
        "title": job.title,
        "owner": job.owner.get_username() if job.owner else "",
        "createdAt": job.created_at,
        "state": job.state,
        "all": job.all_slots,
        "done": job.done_slots,
        "failed": job.failed_slots,
        "open": sum(getattr(job, f"{state}_slots") for state in _OPEN),
    }
