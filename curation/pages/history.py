"""The history of bulk operations, and the releases of each garden, with the way back from each."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation.access_control import is_partial, render_page, staff
from curation.models import BulkOperation, BulkOperationItem, Garden, Release, ReleaseChange
from curation.models.operation import BulkOperationQuerySet
from curation.pages.previews import first_pictures, previews
from curation.services.operations import PERMISSIONS, cancel_schedule, roll_back, undo_operation
from garden.errors import GardenError
from garden.models import Image
from garden.models.choices import EMOTIONS


def report_outcome(request: HttpRequest, begin: Callable[[], BulkOperation], done: str) -> None:
    """Begin an operation and show a message about how it went; one of many pictures goes on in the background."""
    try:
        operation = begin()
    except GardenError as problem:
        messages.error(request, problem.detail)
        return
    if operation.state == BulkOperation.State.FAILED:
        messages.error(request, operation.error)
    elif operation.state == BulkOperation.State.DONE:
        messages.success(request, done)
    else:
        messages.info(request, _("In progress; the history shows how far it is."))


class HistoryPart(NamedTuple):
    """Some rows, and the query for those after them (empty at the end)."""

    rows: list[Any]
    older: str


def part_of(request: HttpRequest, rows: QuerySet[Any], size: int, *, name: str = "start") -> HistoryPart:
    """`size` rows from the place in the request's parameter `name`, or the first ones."""
    place = request.GET.get(name, "")
    start = int(place) if place.isdecimal() and len(place) < 9 else 0
    found = list(rows[start : start + size + 1])
    query = request.GET.copy()
    query[name] = str(start + size)
    return HistoryPart(found[:size], f"?{query.urlencode()}" if len(found) > size else "")


PICTURES = 120


def part_of_pictures(request: HttpRequest, rows: QuerySet[Any], *, name: str = "start") -> HistoryPart:
    """Rows that have an `image`, or had one; `preview` is of those that still have."""
    part = part_of(request, rows.select_related("image").order_by("-pk"), PICTURES, name=name)
    shown = previews(row.image for row in part.rows if row.image)
    for row in part.rows:
        row.preview = shown.get(row.image_id)
    return part


PAGE = 50


def _operations() -> BulkOperationQuerySet:
    return BulkOperation.objects.select_related("by", "undone_by__by", "undoes").prefetch_related("releases")


@require_safe
def list_operations(request: HttpRequest) -> HttpResponse:
    part = part_of(request, _operations().newest_first(), PAGE)
    pictures = first_pictures(part.rows, BulkOperationItem.objects.filter(operation=OuterRef("pk")).order_by("key"))
    for operation in part.rows:
        operation.pictures = pictures[operation.pk]
    page = {"part": part, "undoable": _undoable(request, part.rows)}
    return render_page(request, "admin/curation/acts.html", _("History"), page)


@require_safe
def show_operation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who did what to which pictures, when and why."""
    operation = get_object_or_404(_operations(), pk=pk)
    state = {"operation": operation, "undoable": _undoable(request, [operation])}
    if is_partial(request):
        return render(request, "admin/curation/act_state.html", state)
    page = {**state, "part": part_of_pictures(request, operation.items.all())}
    return render_page(request, "admin/curation/act.html", str(operation), page)


@require_POST
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who may do it may undo it; the service sees to that."""
    operation = get_object_or_404(BulkOperation, pk=pk)
    report_outcome(request, lambda: undo_operation(operation=operation, by=staff(request)), _("Undone."))
    return redirect("curation:acts")


def _undoable(request: HttpRequest, operations: Iterable[BulkOperation]) -> set[UUID]:
    return {
        operation.pk
        for operation in operations
        if operation.is_undoable and request.user.has_perm(PERMISSIONS[operation.kind])
    }


@require_safe
def list_releases(request: HttpRequest) -> HttpResponse:
    """All gardens with what they serve, and the history of the chosen one, by default the one that changed last."""
    gardens = _gardens()
    last = Release.objects.newest_first().values_list("garden_id", flat=True).first()
    chosen = request.GET.get("garden") or last or gardens[0]["emotion"]
    if chosen not in {garden["emotion"] for garden in gardens}:
        raise Http404
    releases = Release.objects.of_garden(chosen).select_related("by")
    waiting = list(releases.scheduled().order_by("goes_live_at", "id"))
    part = part_of(request, releases.exclude(pk__in=releases.scheduled().values("pk")).order_by("-pk"), PAGE)
    _add_previews([*waiting, *part.rows])
    page = {
        "gardens": gardens,
        "garden": next(garden for garden in gardens if garden["emotion"] == chosen),
        "waiting": waiting,
        "part": part,
    }
    return render_page(request, "admin/curation/releases.html", _("Releases"), page)


@require_safe
def show_release(request: HttpRequest, pk: int) -> HttpResponse:
    """What a release added and took out, as pictures."""
    release = get_object_or_404(Release.objects.select_related("by", "garden__live", "operation"), pk=pk)
    added = release.changes.filter(change=ReleaseChange.Change.ADD)
    removed = release.changes.filter(change=ReleaseChange.Change.REMOVE)
    page = {
        "release": release,
        "added": part_of_pictures(request, added, name="added"),
        "removed": part_of_pictures(request, removed, name="removed"),
    }
    return render_page(request, "admin/curation/release.html", _title(release), page)


@require_POST
def return_to_release(request: HttpRequest, emotion: str, number: int) -> HttpResponse:
    """Make the garden again what it was at a release; number 0 is the garden before its first one."""
    done = _("The garden is rolled back to release %(number)d.") % {"number": number}
    report_outcome(request, lambda: roll_back(garden=emotion, number=number, by=staff(request)), done)
    return redirect(f"{reverse('curation:releases')}?garden={emotion}")


@require_POST
def cancel_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a release that has not gone live."""
    release = get_object_or_404(Release, pk=pk)
    report_outcome(
        request, lambda: cancel_schedule(release=release, by=staff(request)), _("The release will not go live.")
    )
    return redirect(f"{reverse('curation:releases')}?garden={release.garden_id}")


def _add_previews(releases: list[Any]) -> None:
    """The first pictures that each release adds, and that it removes."""
    changes = ReleaseChange.objects.filter(release=OuterRef("pk")).order_by("image")
    adding, removing = [one for one in releases if one.added], [one for one in releases if one.removed]
    added = first_pictures(adding, changes.filter(change=ReleaseChange.Change.ADD))
    removed = first_pictures(removing, changes.filter(change=ReleaseChange.Change.REMOVE))
    for release in releases:
        release.adds, release.removes = added.get(release.pk, []), removed.get(release.pk, [])


def _gardens() -> list[dict[str, Any]]:
    served = dict(Image.objects.serving().order_by().values_list("emotion").annotate(Count("id")))
    live = {garden.emotion: garden.live for garden in Garden.objects.select_related("live")}
    return [
        {"emotion": emotion, "label": label, "live": live.get(emotion), "served": served.get(emotion, 0)}
        for emotion, label in EMOTIONS
    ]


def _title(release: Release) -> str:
    name = release.garden.get_emotion_display()
    return f"{name} {release.number}" if release.number else f"{name}: {_('not live')}"
