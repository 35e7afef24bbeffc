"""The page of a job: how far it is, its newest pictures, and what can be done with it."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from curation.access_control import render_page
from curation.pages.previews import previews
from garden.errors import GardenError
from garden.storage.serving import PublicUrls
from generation.jobs import ACTIONS
from generation.models import GenerationJob, Slot
from generation.models.job import OPEN, JobState, SlotState
from generation.queue.progress import finished_slots, reasons, time_left, workers_online

STEER = "generation.change_generationjob"
SOON, LATE = 2, 15
"""Seconds between two polls, while pictures are made and otherwise."""
SHOWN = 48
ALWAYS = (SlotState.DONE, SlotState.QUEUED)
"""States that are shown even with a count of 0."""
ORDER = (
    SlotState.DONE,
    SlotState.LEASED,
    SlotState.QUEUED,
    SlotState.PAUSED,
    SlotState.FAILED,
    SlotState.CANCELLED,
)


@require_safe
def show_job(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _render(request, pk)


@require_POST
def steer_job(request: HttpRequest, pk: uuid.UUID, action: str) -> HttpResponse:
    """Pause, resume, cancel or retry."""
    if not request.user.has_perm(STEER):
        raise PermissionDenied
    if action not in ACTIONS:
        raise Http404
    try:
        ACTIONS[action](job=get_object_or_404(GenerationJob, pk=pk))
    except GardenError as error:
        return _render(request, pk, error.detail)
    return _render(request, pk)


def _render(request: HttpRequest, pk: uuid.UUID, problem: str = "") -> HttpResponse:
    job = get_object_or_404(GenerationJob.objects.with_counts().select_related("owner"), pk=pk)
    steering = {"steer_route": "curation:steer-job", "steered": job, "target": "#job"}
    page = {"job": job, "problem": problem, **steering, **_describe(job, request)}
    return render_page(request, "admin/curation/job.html", job.title, page, part="admin/curation/job_state.html")


def _describe(job: Any, request: HttpRequest) -> dict[str, Any]:
    count = {state: getattr(job, f"{state}_slots") for state in SlotState}
    unfinished = sum(count[state] for state in OPEN)
    left = time_left(job) if unfinished else None
    is_making = bool(unfinished) and job.state == JobState.ACTIVE
    may = request.user.has_perm(STEER)
    return {
        "counts": [(state, count[state]) for state in ORDER if count[state] or state in ALWAYS],
        "done": count[SlotState.DONE],
        "unfinished": unfinished,
        "is_making": is_making,
        "every": SOON if is_making else LATE if unfinished else 0,
        "left": left.total_seconds() if left else None,
        "workers": sum(workers_online(engine) for engine in job.slots.open().engines()),
        "reasons": reasons(job),
        "pictures": _pictures(job, PublicUrls(request)),
        "may_pause": may and is_making,
        "may_resume": may and bool(unfinished) and job.state == JobState.PAUSED,
        "may_cancel": may and bool(unfinished),
        "may_retry": may and count[SlotState.FAILED] > 0,
        "may_review": count[SlotState.DONE] > 0 and request.user.has_perm("curation.view_review"),
        "may_repeat": "maker" in job.request and request.user.has_perm("generation.add_generationjob"),
    }


def _pictures(job: GenerationJob, url_of: PublicUrls) -> list[tuple[Slot, str, str]]:
    """The newest finished slots, each with the addresses of its thumbnail and of its picture."""
    slots = [slot for slot in reversed(finished_slots(job, limit=SHOWN).slots) if slot.image]
    shown = previews(slot.image for slot in slots if slot.image)
    return [(slot, shown[slot.image_id].address, url_of(slot.key)) for slot in slots if slot.image_id]
