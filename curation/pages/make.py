"""The page that makes pictures: one prompt or thousands of combinations, previews, presets, and the jobs before."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from rest_framework.generics import get_object_or_404

from curation.access_control import render_page, staff
from curation.pages.make_form import MakeForm, more_like
from curation.pages.previews import first_pictures
from garden.errors import GardenError
from garden.models.choices import EMOTIONS
from garden.storage.serving import PublicUrls
from garden.templatetags.times import duration
from generation.available_models import available_models
from generation.costs import rates, show_amount
from generation.jobs import time_name
from generation.models import GenerationJob, OrderPreset, Slot
from generation.models.job import Priority, SlotState
from generation.orders import (
    KEY_PREFIX,
    PREVIEWS,
    BulkPlan,
    FormUsedError,
    estimate_bulk,
    queue_bulk,
    queue_previews,
)
from generation.queue.progress import TimeEstimate

MAKE = "generation.add_generationjob"
RECENT = 10
MORE = 40
"""Pictures that "more like this" makes."""
SHOWN_PROMPTS = 6
SHOWN_ROWS = 60
LOOKED_AT = 200


@require_http_methods(["GET", "HEAD", "POST"])
def show_make(request: HttpRequest) -> HttpResponse:
    """The form, filled by `?again=<job>`, `?preset=<id>` or `?prompt=`. A form that was sent leads to its job."""
    if request.method != "POST":
        return _render(request, MakeForm(initial=_initial(request)))
    return _queue(request, MakeForm(request.POST))


@require_POST
def make_more(request: HttpRequest, slot: int) -> HttpResponse:
    """Queue more pictures like one that was made from this page."""
    like = get_object_or_404(Slot.objects.select_related("job", "image"), pk=slot, job__request__has_key="maker")
    return _queue(request, MakeForm({**more_like(like, MORE), "token": request.POST.get("token", "")}))


@require_POST
def show_estimate(request: HttpRequest) -> HttpResponse:
    """What the form as it is comes to. An unfinished form is an answer, not an error."""
    form = MakeForm(request.POST)
    is_empty = not (request.POST.getlist("emotions") or request.POST.get("sentence"))
    errors: dict[str, Any] = {} if is_empty else form.errors
    page: dict[str, Any] = {
        "form": form,
        "all_errors": [(name, errors.get(name, [])) for name in form.fields],
        "previews": PREVIEWS,
    }
    if form.is_valid() and form.plan:
        estimate = estimate_bulk(form.plan)
        page |= {"plan": form.plan, "estimate": estimate, "prompts": _prompts(form.plan), "matrix": _matrix(form.plan)}
        page["cost"] = _cost(form.plan.order.engine_name, estimate)
    return render(request, "admin/curation/make_estimate.html", page)


def _cost(engine: str, estimate: TimeEstimate) -> str:
    """Of the whole work, by the devices that the engine has here; empty without a price or an estimate."""
    [rate] = rates([engine])
    amount = rate.cost_of(estimate.work)
    if amount is None or estimate.work is None:
        return ""
    work = _("It is about {time} of work.").format(time=duration(estimate.work))
    return " · ".join([work, *rate.devices, _("about {amount}").format(amount=show_amount(amount))])


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Make a few pictures of the form now; the same form with the same token makes no others."""
    form = MakeForm(request.POST)
    if not form.is_valid():
        return render(request, "admin/curation/make_previews.html", {"problem": _("Some choices are not valid yet.")})
    token = request.POST.get("preview_token", "")[:40]
    try:
        job = queue_previews(order=form.order(), token=token, by=staff(request), request=form.as_request())
    except GardenError as error:
        return render(request, "admin/curation/make_previews.html", {"problem": error.detail})
    return show_previews(request, job.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def show_previews(request: HttpRequest, job: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(GenerationJob, pk=job)
    slots = list(found.slots.select_related("image").order_by("index"))
    url_of = PublicUrls(request)
    page = {
        "job": found,
        "pictures": [(slot, url_of(slot.key) if slot.image_id else "") for slot in slots],
        "open": any(slot.state in (SlotState.QUEUED, SlotState.LEASED) for slot in slots),
        "preview_token": uuid.uuid4(),
        "more": MORE,
        "token": uuid.uuid4(),
    }
    return render(request, "admin/curation/make_previews.html", page)


@require_POST
def save_preset(request: HttpRequest) -> HttpResponse:
    """Keep the choices under a name; a preset of this name is replaced."""
    name, form = request.POST.get("preset_name", "").strip(), MakeForm(request.POST)
    if not 0 < len(name) <= 100:
        form.add_error(None, _("Name of the preset: write 1 to 100 characters."))
    if not form.is_valid():
        return _render(request, form, status=400)
    kept = {"request": form.as_request(), "by": staff(request)}
    preset, _made = OrderPreset.objects.update_or_create(name=name, defaults=kept)
    messages.success(request, _("Preset saved: %(name)s") % {"name": name})
    return redirect(f"{reverse('curation:make')}?preset={preset.pk}")


@require_POST
def delete_preset(request: HttpRequest, pk: int) -> HttpResponse:
    preset = get_object_or_404(OrderPreset, pk=pk)
    preset.delete()
    messages.success(request, _("Preset deleted: %(name)s") % {"name": preset.name})
    return redirect("curation:make")


@require_safe
def list_jobs(request: HttpRequest) -> HttpResponse:
    return render(request, "admin/curation/make_jobs.html", {"jobs": recent_jobs()})


def recent_jobs() -> list[Any]:
    """The newest jobs of this page or of a command, each with its counts and first pictures."""
    ordered = Q(request_key__startswith=KEY_PREFIX) | Q(request_key=None, priority=Priority.BULK)
    jobs: list[Any] = list(GenerationJob.objects.filter(ordered).newest(RECENT).with_counts().select_related("owner"))
    done = Slot.objects.filter(job=OuterRef("pk"), state=SlotState.DONE).order_by("-finished_at", "-id")
    pictures = first_pictures(jobs, done)
    for job in jobs:
        job.previews = pictures.get(job.pk, [])
        job.is_open = job.queued_slots + job.paused_slots + job.leased_slots > 0
    return jobs


def _queue(request: HttpRequest, form: MakeForm) -> HttpResponse:
    if not request.user.has_perm(MAKE):
        raise PermissionDenied
    if form.is_valid():
        token = form.cleaned_data["token"]
        try:
            job = queue_bulk(order=form.order(), token=token, by=staff(request), request=form.as_request())
            return redirect(reverse("curation:job-page", args=[job.pk]))
        except FormUsedError:
            problem = _("This form was sent before with other settings. Send it again to queue these as well.")
            form.add_error(None, problem)
        except GardenError as error:
            form.add_error(None, error.detail)
    return _render(request, form, status=400)


def _render(request: HttpRequest, form: MakeForm, status: int = 200) -> HttpResponse:
    preset = request.GET.get("preset", "")
    page = {
        "form": form,
        "token": uuid.uuid4(),
        "preview_token": uuid.uuid4(),
        "previews": PREVIEWS,
        "controls": {maker.value: sorted(maker.controls) for maker in available_models()},
        "presets": OrderPreset.objects.all(),
        "preset": OrderPreset.objects.filter(pk=preset).first() if preset.isdecimal() else None,
        "may_make": request.user.has_perm(MAKE),
        "jobs": recent_jobs(),
    }
    return render_page(request, "admin/curation/make.html", _("Make pictures"), page, status=status)


def _initial(request: HttpRequest) -> dict[str, Any]:
    """Choices of an earlier job or a preset; raises Http404 when there is none of that id."""
    if again := request.GET.get("again"):
        job = get_object_or_404(GenerationJob, pk=again)
        return dict(job.request) if "maker" in job.request else {}
    if preset := request.GET.get("preset"):
        return dict(get_object_or_404(OrderPreset, pk=preset if preset.isdecimal() else 0).request)
    return {"sentence": request.GET.get("prompt", "")[:10_000]}


def _prompts(plan: BulkPlan) -> list[tuple[str, str, str]]:
    """Folder, prompt and negative prompt of the first pictures that differ; a pair has the same prompt."""
    name, step = time_name(), len(plan.order.sizes)
    pictures = (plan.picture(position, name) for position in range(0, len(plan), step)[:LOOKED_AT])
    prompts = dict.fromkeys(
        (picture.key.rpartition("/")[0].partition("/")[2], picture.request.prompt, picture.request.negative_prompt)
        for picture in pictures
    )
    return [*prompts][:SHOWN_PROMPTS]


def _matrix(plan: BulkPlan) -> dict[str, Any] | None:
    """Favorites by emotions, with the combinations that are left out; None for a single combination."""
    order, names = plan.order, dict(EMOTIONS)
    if len(order.emotions) * len(order.favorites) < 2 or "" in order.emotions:
        return None
    rows = [
        (
            favorite,
            [
                (names[emotion], f"{emotion}|{favorite}", (emotion, favorite) in order.without)
                for emotion in order.emotions
            ],
        )
        for favorite in order.favorites[:SHOWN_ROWS]
    ]
    more = len(order.favorites) - len(rows)
    emotions = [names[emotion] for emotion in order.emotions]
    return {"emotions": emotions, "rows": rows, "more": more, "each": order.repeats * len(order.sizes)}
