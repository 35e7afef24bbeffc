"""The history: every press of a button that moved pictures, and the way back from it."""

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from curation.models import Act
from curation.pages.gate import page_context, staff
from curation.pages.outcome import tell_outcome
from curation.pages.pagination import part_of
from curation.pages.pictures import part_of_pictures
from curation.services import undo_act
from curation.services.permissions import needed_for

PAGE = 50


@never_cache
@require_safe
def list_acts(request: HttpRequest) -> HttpResponse:
    acts = Act.objects.select_related("by", "undone_by__by", "undoes").prefetch_related("releases")
    part = part_of(request, acts, PAGE, by="at")
    page = {**page_context(request, _("History")), "part": part, "undoable": _undoable(request, part.rows)}
    return render(request, "admin/curation/acts.html", page)


@never_cache
@require_safe
def show_act(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who did what to which pictures, when and why."""
    acts = Act.objects.select_related("by", "undone_by__by", "undoes").prefetch_related("releases")
    act = get_object_or_404(acts, pk=pk)
    page = {
        **page_context(request, str(act)),
        "act": act,
        "undoable": _undoable(request, [act]),
        "part": part_of_pictures(request, act.items.all()),
    }
    return render(request, "admin/curation/act.html", page)


@require_POST
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who may do it may undo it; the service sees to that."""
    act = get_object_or_404(Act, pk=pk)
    tell_outcome(request, lambda: undo_act(act=act, by=staff(request)), _("Undone."))
    return redirect("curation:acts")


def _undoable(request: HttpRequest, acts: Iterable[Act]) -> set[UUID]:
    return {act.pk for act in acts if act.is_undoable and request.user.has_perm(needed_for(act.kind))}
