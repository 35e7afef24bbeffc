"""The pages that retouch many pictures alike: the choice of pictures and a recipe; the state of a batch."""

import json
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe
from rest_framework.generics import get_object_or_404

from curation.access_control import render_page
from curation.api.batches import usable
from curation.library.filters import ImageFilter, InvalidFilterError, ids_in
from curation.library.forms import FilterForm, suggestions
from curation.pages.job import LATE, SOON
from curation.pages.scripts import ANY_NUMBER, path_with, script_config
from curation.pages.studio import LABELS, RETOUCH, form_context, form_options
from garden.errors import GardenError
from garden.models import Image
from generation.api.batch_serializers import ITEMS_PAGE, describe_batch, describe_items, find_batch
from generation.api.retouch_words import describe_credits, offered_engines
from generation.jobs import ACTIONS
from generation.models import RetouchBatch, Version
from generation.models.batch import SKIPPED, WAITING
from generation.models.job import Control, SlotState
from generation.retouch.batch.items import items_of
from generation.retouch.batch.orders import run_batch
from generation.retouch.batch.recipe import Part, Recipe
from generation.retouch.regions import ALL, DRAWN, FACE, SALIENCY, SEGMENT

Label = Promise | str
REGIONS: list[tuple[str, Label, Label]] = [
    (ALL, _("All"), _("the whole picture")),
    (FACE, _("Faces"), _("each face from brow to chin; a picture without one is reported")),
    (SEGMENT, _("The subject"), _("the main object, cut out along its edges")),
    (SALIENCY, _("Salient area"), _("the most salient area, roughly")),
    (DRAWN, _("A drawn mask"), _("the same mask on every picture of its shape")),
]
PARTS: list[tuple[str, Label]] = [
    (Part.PICTURE, _("the whole picture")),
    (Part.REGION, _("only the region and what is around it")),
]
RECENT = 10
CHOOSABLE = (Image.State.POOL, Image.State.PUBLISHED, Image.State.SERVING, Image.State.SHELVED)


@require_safe
def show_batch(request: HttpRequest) -> HttpResponse:
    """Pictures are chosen: `?images=1,2`, or a filter as review has it.

    `?marked=` is for those that were marked in review: the browser's tab knows which.
    `?from=` begins with the pictures and the recipe of a batch, `?version=` with what was done in the studio.
    """
    earlier = get_object_or_404(RetouchBatch, pk=request.GET["from"]) if "from" in request.GET else None
    made = Version.objects.done().select_related("canvas__image")
    version = get_object_or_404(made, pk=request.GET["version"]) if "version" in request.GET else None
    ids = ids_in(request.GET.get("images", "").split(","))
    if not ids and earlier is not None:
        ids = list(earlier.items.in_order().exclude(image=None).values_list("image", flat=True))
    ids = usable(ids)
    given = {name: value for name, value in request.GET.items() if value}
    if version is not None and not ids and "job" not in given:
        given["job"] = _job_of(version)
    try:
        filters = ImageFilter.from_query(given).as_query()
    except InvalidFilterError as problem:
        filters, ids, refused = {"state": Image.State.POOL.value}, [], problem.detail
    else:
        refused = ""
    engines = offered_engines()
    batches = RetouchBatch.objects.select_related("by").annotate(pictures=Count("items")).order_by("-created_at")
    page = {
        **form_context(dict.fromkeys(engine["name"] for engine in engines)),
        "problem": refused,
        "form": FilterForm(filters, states=CHOOSABLE),
        "suggestions": suggestions(),
        "chosen": len(ids),
        "regions": REGIONS,
        "parts": PARTS,
        "version": version,
        "may_retouch": request.user.has_perm(RETOUCH),
        "batches": batches[:RECENT],
        "config": _config(
            request,
            options=form_options(engines),
            filter=filters,
            images=ids,
            recipe=_recipe(earlier, version),
            marked="marked" in request.GET,
            user=request.user.pk,
            maskOf=version and version.pk,
            credits=describe_credits(request.user),  # type: ignore[arg-type]  # Only staff come here.
        ),
    }
    status = 400 if refused else 200
    return render_page(request, "admin/curation/batch_new.html", _("Retouch many"), page, status=status)


def _recipe(earlier: RetouchBatch | None, version: Version | None) -> dict[str, Any]:
    """What the form begins with."""
    if earlier is not None:
        return {**earlier.recipe, "range": "1...Infinity", "numbers": "0...Infinity"}
    recipe = {**Recipe().as_json(), "range": "1...Infinity"}
    if version is None:
        return recipe
    region = version.region.get("kind", DRAWN)
    grown = {name: version.region.get(name, 0) for name in ("expand", "shrink")}
    part = "picture" if version.crop.size == (version.canvas.width, version.canvas.height) else "region"
    return {**recipe, **grown, "region": region, "part": part, "settings": {**version.chosen, "seed": None}}


def _job_of(version: Version) -> str:
    """The job that made the version's picture, whose other pictures are like it."""
    slot = getattr(version.canvas.image, "slot", None) if version.canvas.image else None
    return str(slot.job_id) if slot else ""


def _config(request: HttpRequest, **given: Any) -> dict[str, Any]:
    """Named as the studio's, whose scripts read it, too."""
    return script_config(
        request,
        labels=LABELS,
        may={"retouch": request.user.has_perm(RETOUCH)},
        paths={
            "preview": path_with("batch", "curation:api-batch-preview"),
            "batch": path_with("batch", "curation:batch"),
            "batches": reverse("curation:api-batches"),
            "candidates": reverse("curation:api-batch-candidates"),
            "recipe": reverse("curation:api-batch-recipe"),
            "presets": reverse("curation:api-retouch-presets"),
            "words": reverse("curation:api-retouch-words"),
            "preset": path_with("preset", "curation:api-retouch-preset", ANY_NUMBER),
        },
        **given,
    )


STATES: dict[str, Promise | str] = {
    SlotState.DONE: pgettext_lazy("state", "done"),
    SKIPPED: _("done before"),
    SlotState.LEASED: _("being made"),
    SlotState.QUEUED: _("waiting"),
    SlotState.PAUSED: _("paused"),
    SlotState.FAILED: _("failed"),
    SlotState.CANCELLED: _("cancelled"),
    WAITING: _("not queued yet"),
}
SIGNS = {
    SlotState.DONE: "✓",
    SKIPPED: "≡",
    SlotState.LEASED: "…",
    SlotState.QUEUED: "·",
    SlotState.PAUSED: "‖",
    SlotState.FAILED: "✕",
    SlotState.CANCELLED: "⊘",
    WAITING: "·",
}
"""States are never told by colour alone."""
ALWAYS = (SlotState.DONE, SlotState.FAILED)
"""States that are shown even with a count of 0."""


@require_safe
def show_batch_state(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """`?state=` and `?page=` choose the pictures that are listed."""
    return _render(request, find_batch(pk))


@require_POST
def steer_batch(request: HttpRequest, pk: uuid.UUID, action: str) -> HttpResponse:
    """Run it, or pause, resume, cancel or retry its job."""
    if not request.user.has_perm(RETOUCH):
        raise PermissionDenied
    batch, problem = find_batch(pk), ""
    try:
        if action == "run":
            run_batch(batch=batch)
        elif action in ACTIONS and batch.job is not None:
            ACTIONS[action](job=batch.job)
        else:
            raise Http404
    except GardenError as error:
        problem = error.detail
    return _render(request, find_batch(pk), problem)


def _render(request: HttpRequest, batch: RetouchBatch, problem: str = "") -> HttpResponse:
    state = request.GET.get("state", "")
    if state not in ("", *STATES):
        raise Http404
    items = Paginator(items_of(batch, state), ITEMS_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "problem": problem,
        "steer_route": "curation:steer-batch",
        "steered": batch,
        "target": "#batch",
        "states": STATES,
        "state": state,
        "part": items,
        "items": [_with_state(item) for item in describe_items(items, request)],
        **_describe(batch, request),
    }
    part = "admin/curation/batch_state.html"
    return render_page(request, "admin/curation/batch.html", _("Retouch many"), context, part=part)


def _describe(batch: RetouchBatch, request: HttpRequest) -> dict[str, Any]:
    described = describe_batch(batch, request)
    counts, control = described["counts"], described["control"]
    unfinished = counts["queued"] + counts["paused"] + counts["leased"]
    is_making = unfinished > 0 and control == Control.ACTIVE
    may = request.user.has_perm(RETOUCH)
    standing = described["credits"]
    return {
        "counts": [
            (state, label, counts[state]) for state, label in STATES.items() if counts[state] or state in ALWAYS
        ],
        "number": counts,
        "ready": counts["done"] + counts["skipped"],
        "to_run": counts["all"] - counts["skipped"],
        "unfinished": unfinished,
        "control": control,
        "every": SOON if is_making else LATE if unfinished else 0,
        "left": described["seconds_left"],
        "workers": described["workers"],
        "cost": standing and {"all": counts["waiting"] * standing["price"], "left": standing["left"]},
        "preview": [_with_state(item) for item in described["preview"]],
        "recipe": json.dumps(batch.recipe, indent=2, ensure_ascii=False),
        "may_run": may and (counts["waiting"] > 0 or (batch.run_at is None and batch.job and not unfinished)),
        "may_pause": may and control == Control.ACTIVE and counts["queued"] > 0,
        "may_resume": may and counts["paused"] > 0,
        "may_retry": may and batch.job is not None and counts["failed"] > 0,
        "may_cancel": may and unfinished > 0,
        "may_change": may and batch.items.filter(image__isnull=False).exists(),
    }


def _with_state(item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "label": STATES[item["state"]], "sign": SIGNS[item["state"]]}
