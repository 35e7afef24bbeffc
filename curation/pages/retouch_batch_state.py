"""The page of a retouch batch: how far it is, its preview, its pictures, and what can be done with it."""

import json
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from curation.access_control import render_page
from curation.pages.job import LATE, SOON
from curation.pages.studio import RETOUCH
from garden.errors import GardenError
from generation.api.batch_serializers import ITEMS_PAGE, describe_batch, describe_items, find_batch
from generation.jobs import ACTIONS
from generation.models import RetouchBatch
from generation.models.batch import SKIPPED, WAITING
from generation.models.job import Control, SlotState
from generation.retouch.batch.items import items_of
from generation.retouch.batch.orders import run_batch

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
