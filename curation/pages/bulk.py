"""The page that makes pictures in bulk and shows them as they are made; its job is in the address."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from rest_framework.generics import get_object_or_404

from curation.access_control import page_context
from curation.pages.bulk_form import BulkForm
from curation.pages.scripts import path_with, script_config
from garden.errors import GardenError
from garden.models.choices import EMOTIONS, ORIENTATIONS
from generation.jobs import ACTIONS, time_name
from generation.models import GenerationJob
from generation.models.job import JobState, Priority
from generation.orders import KEY_PREFIX, BulkPlan, FormUsedError, estimate_bulk, queue_bulk

WORDS: dict[str, Promise | str] = {
    "pictures": _("{n} pictures"),
    "picture": _("1 picture"),
    "queue": _("Queue {n} pictures"),
    "queue_one": _("Queue 1 picture"),
    "queue_none": _("Queue"),
    "about": _("about {time}"),
    "unknown": _("No estimate yet: no pictures like these were made here before."),
    "no_worker": _("No worker is online for this engine: the pictures wait until one is."),
    "no_worker_work": _("It is about {time} of work."),
    "with_worker": _("with 1 worker"),
    "with_workers": _("with {n} workers"),
    "ahead": _("Pictures ahead in the queue: {n}."),
    "not_asked": _("The estimate is not available now; your settings are kept."),
    "seconds": _("{n} s"),
    "minutes": _("{n} min"),
    "hours": _("{n} h {m} min"),
    "negative": _("not: {text}"),
    "state_queued": _("waiting"),
    "state_leased": _("being made"),
    "state_paused": _("paused"),
    "state_done": pgettext_lazy("state", "made"),
    "state_failed": _("failed"),
    "state_cancelled": _("cancelled"),
    "said_made": _("Pictures made: {done} of {all}."),
    "said_complete": _("All pictures are made: {n}."),
    "said_ended": _("The job has ended. Pictures made: {done} of {all}."),
    "said_paused": _("Paused: pictures in progress are finished, no new ones are started."),
    "said_cancelled": _("Cancelled. Pictures made and kept: {done} of {all}."),
    "left": _("about {time} left"),
    "left_unknown": _("the time left is unknown yet"),
    "left_nobody": _("no worker is online"),
    "reason_failed": _("{n} failed: {detail}"),
    "reason_waiting": _("{n} will be tried again: {detail}"),
    "cancel_body": _("Pictures that will not be made: {n}. Those that are made stay in the pool."),
    "trouble_network": _("The server cannot be reached. It is tried again soon."),
    "trouble_signed_out": _("You are signed out. Sign in in another tab, then come back."),
    "trouble_refused": _("You may not do this."),
    "trouble_server": _("Server error; it was logged. It is tried again soon."),
    "picture_alt": _("{emotion}, {orientation}"),
    "job_counts": _("{done} of {all} made"),
    "job_failed": _("{n} failed"),
    "job_paused": _("paused"),
    "job_finished": JobState.FINISHED.label,
    "job_cancelled": _("cancelled"),
    "job_by": _("by {name}"),
    **{f"emotion_{emotion}": name for emotion, name in EMOTIONS},
    **{f"orientation_{orientation}": name for orientation, name in ORIENTATIONS},
}


MAKE = "generation.add_generationjob"
STEER = "generation.change_generationjob"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_bulk(request: HttpRequest) -> HttpResponse:
    """The form, the job that is watched (`?job=`), and those before it. A form that was sent leads to its job."""
    if request.method != "POST":
        job = _watched(request)
        return _page(request, BulkForm(initial=_initial(job)), job)
    if not request.user.has_perm(MAKE):
        raise PermissionDenied
    form = BulkForm(request.POST)
    job = _queue(request, form)
    if job is None:
        return _page(request, form, None, status=400)
    return redirect(f"{reverse('curation:bulk')}?job={job.pk}")


@require_POST
def show_estimate(request: HttpRequest) -> HttpResponse:
    """What the form as it is now would come to. A form that is not finished is an answer, not an error."""
    return JsonResponse(summarise(BulkForm(request.POST)))


@never_cache
@require_safe
def list_bulk_jobs(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"jobs": recent_jobs()})


def _queue(request: HttpRequest, form: BulkForm) -> GenerationJob | None:
    """The job of a form; None when it has errors, which it then shows."""
    if not form.is_valid():
        return None
    token, request_data = form.cleaned_data["token"], form.as_request()
    try:
        return queue_bulk(order=form.order(), token=token, by=request.user, request=request_data)  # type: ignore[arg-type]
    except FormUsedError:
        form.add_error(None, _("This form was sent before with other settings. Send it again to queue these as well."))
    except GardenError as error:
        form.add_error(None, error.detail)
    return None


def _page(request: HttpRequest, form: BulkForm, job: GenerationJob | None, status: int = 200) -> HttpResponse:
    page = {
        **page_context(request, _("Make pictures")),
        "form": form,
        "token": uuid.uuid4(),
        "job": job,
        "review_url": _review_url(request, job),
        "may_make": request.user.has_perm(MAKE),
        "may_steer": request.user.has_perm(STEER),
        "config": _config(request, job),
        "words": WORDS,
        "jobs": recent_jobs(),
    }
    return render(request, "admin/curation/bulk.html", page, status=status)


def _watched(request: HttpRequest) -> GenerationJob | None:
    """The job in the address. Raises Http404 when there is none of that id."""
    return get_object_or_404(GenerationJob, pk=request.GET["job"]) if "job" in request.GET else None


def _initial(job: GenerationJob | None) -> dict[str, Any]:
    """A job that was ordered here fills the form again, to make more of it."""
    return dict(job.request) if job and "maker" in job.request else {}


def _review_url(request: HttpRequest, job: GenerationJob | None) -> str:
    if job is None or not request.user.has_perm("curation.view_review"):
        return ""
    return f"{reverse('curation:review')}?job={job.pk}"


def _config(request: HttpRequest, job: GenerationJob | None) -> dict[str, Any]:
    return script_config(
        request,
        job={"id": job.pk, "title": job.title} if job else None,
        may={"make": request.user.has_perm(MAKE), "steer": request.user.has_perm(STEER)},
        paths={
            "page": reverse("curation:bulk"),
            "estimate": reverse("curation:bulk-estimate"),
            "jobs": reverse("curation:bulk-jobs"),
            **{action: path_with("job", f"job-{action}") for action in ("progress", *ACTIONS)},
        },
    )


RECENT = 10
_OPEN = ("queued", "paused", "leased")


def recent_jobs(count: int = RECENT) -> list[dict[str, Any]]:
    """The newest jobs that were ordered here or by a command, with how far they are; two queries."""
    ordered = Q(request_key__startswith=KEY_PREFIX) | Q(request_key=None, priority=Priority.BULK)
    jobs = GenerationJob.objects.filter(ordered).newest(count).with_counts().select_related("owner")
    return [_describe_job(job) for job in jobs]


def _describe_job(job: Any) -> dict[str, Any]:
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


SHOWN = 6
LOOKED_AT = 200


def summarise(form: BulkForm) -> dict[str, Any]:
    """How many pictures, how long, and the prompts of the first few; or what is wrong, by field."""
    if not form.is_valid() or form.plan is None:
        return {"errors": {name: list(messages) for name, messages in form.errors.items()}}
    estimate = estimate_bulk(form.plan)
    return {
        "errors": {},
        "pictures": estimate.pictures,
        "work": estimate.work,
        "seconds": estimate.seconds,
        "workers": estimate.workers,
        "ahead": estimate.ahead,
        "preview": _preview(form.plan),
    }


def _preview(plan: BulkPlan) -> list[dict[str, str]]:
    """The first prompts that differ; both pictures of a pair have the same one."""
    name, step = time_name(), len(plan.order.sizes)
    pictures = (plan.picture(position, name) for position in range(0, len(plan), step)[:LOOKED_AT])
    prompts = dict.fromkeys(
        (picture.key.rpartition("/")[0].partition("/")[2], picture.request.prompt, picture.request.negative_prompt)
        for picture in pictures
    )
    return [{"place": place, "prompt": prompt, "negative": negative} for place, prompt, negative in [*prompts][:SHOWN]]
