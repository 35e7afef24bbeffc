"""Making pictures in bulk, and watching them appear: one page, its job in the address."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curation.bulk.form import BulkForm
from curation.bulk.history import recent_jobs
from curation.bulk.summary import summarise
from curation.bulk.words import words
from curation.pages.gate import page_context
from garden.errors import GardenError
from generation.api.views import ACTIONS
from generation.models import GenerationJob
from generation.orders import FormUsedError, queue_bulk

NOBODY = uuid.UUID(int=0)
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
def estimate_bulk(request: HttpRequest) -> HttpResponse:
    """What the form as it is now would come to. A form that is not finished is an answer, not an error."""
    return JsonResponse(summarise(BulkForm(request.POST)))


@never_cache
@require_safe
def list_bulk_jobs(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"jobs": recent_jobs()})


def _queue(request: HttpRequest, form: BulkForm) -> GenerationJob | None:
    """The job of a form; None when it has errors, which it then tells."""
    if not form.is_valid():
        return None
    token, asked = form.cleaned_data["token"], form.as_request()
    try:
        return queue_bulk(order=form.order(), token=token, by=request.user, request=asked)  # type: ignore[arg-type]
    except FormUsedError:
        form.add_error(
            None, _("This form was sent before, with other settings. Queue it once more to make these, too.")
        )
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
        "words": words(),
        "jobs": recent_jobs(),
    }
    return render(request, "admin/curation/bulk.html", page, status=status)


def _watched(request: HttpRequest) -> GenerationJob | None:
    """The job in the address. Raises Http404 when there is none of that id."""
    if "job" not in request.GET:
        return None
    try:
        return GenerationJob.objects.get(pk=uuid.UUID(request.GET["job"]))
    except (ValueError, GenerationJob.DoesNotExist):
        raise Http404 from None


def _initial(job: GenerationJob | None) -> dict[str, Any]:
    """A job that was ordered here fills the form again, to make more of it."""
    return dict(job.request) if job and "maker" in job.request else {}


def _review_url(request: HttpRequest, job: GenerationJob | None) -> str:
    if job is None or not request.user.has_perm("curation.view_review"):
        return ""
    try:
        return f"{reverse('curation:review')}?job={job.pk}"
    except NoReverseMatch:  # A site may leave the page out of its urls.
        return ""


def _config(request: HttpRequest, job: GenerationJob | None) -> dict[str, Any]:
    """`{job}` in a path is to be replaced by a job's id."""
    watched = {"id": str(job.pk), "title": job.title} if job else None
    actions = {action: _path_of(f"job-{action}") for action in ACTIONS}
    return {
        "language": get_language(),
        "csrfToken": get_token(request),
        "job": watched,
        "may": {"make": request.user.has_perm(MAKE), "steer": request.user.has_perm(STEER)},
        "paths": {
            "page": reverse("curation:bulk"),
            "estimate": reverse("curation:bulk-estimate"),
            "jobs": reverse("curation:bulk-jobs"),
            "progress": _path_of("job-progress"),
            **actions,
        },
    }


def _path_of(name: str) -> str:
    return reverse(name, args=[NOBODY]).replace(str(NOBODY), "{job}")
