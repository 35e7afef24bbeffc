"""Near duplicates side by side, with their differences and what resolves them."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from curation.access_control import render_page, staff
from curation.api.lookalikes import list_groups
from curation.duplicates.resolutions import How, resolve_group, undo_resolution
from curation.library.filters import id_in
from curation.models import BulkOperation
from garden.errors import GardenError
from garden.models import Image
from garden.models.choices import EMOTIONS

PAGE = 8
NOT_THIS = "not_this"
"""The chosen picture is no near duplicate; the others stay a group."""
DONE: dict[str, Promise] = {
    How.KEEP_BEST: gettext_lazy("The best is kept, {count} disliked."),
    How.REMOVE_OTHERS: gettext_lazy("The best is kept, {count} went to the trash."),
    How.KEEP_ALL: gettext_lazy("All {count} are kept."),
    How.NOT_ALIKE: gettext_lazy("Saved: not near duplicates."),
}


@require_safe
def show_lookalikes(request: HttpRequest) -> HttpResponse:
    """The newest groups, or for htmx those before `?before=`."""
    page = _context(request, id_in(request.GET.get("before", "")))
    part = "admin/curation/lookalike_groups.html"
    return render_page(request, "admin/curation/lookalikes.html", _("Near duplicates"), page, part=part)


@require_POST
def settle(request: HttpRequest, group: int) -> HttpResponse:
    """Resolve a group; the same `id` twice is one resolution. The group leaves the page."""
    requested, image = request.POST.get("how", ""), id_in(request.POST.get("image", ""))
    how = How.NOT_ALIKE.value if requested == NOT_THIS else requested
    try:
        if how not in list(How):
            raise ValueError
        resolution_id = uuid.UUID(request.POST.get("id", ""))
    except ValueError:
        return HttpResponse(status=400)
    if requested in (How.NOT_ALIKE, How.KEEP_ALL):
        image = None
    try:
        settled = resolve_group(group=group, how=how, by=staff(request), resolution_id=resolution_id, image=image)
    except GardenError as error:
        return _render_all(request, error.detail)
    count = len(settled.selection["images"])
    message = str(DONE[how]).format(count=count if how == How.KEEP_ALL else count - 1)
    if requested == NOT_THIS and count > 2:
        return _render_all(request, message)
    return render(request, "admin/curation/lookalike_status.html", {"message": message, "may_undo": True})


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back this curator's last resolution that still holds."""
    last = _undoable(request)
    if last is None:
        return _render_all(request, _("Nothing to undo."))
    try:
        undo_resolution(resolution=last, by=staff(request))
    except GardenError as error:
        return _render_all(request, error.detail)
    return _render_all(request, _("Undone."))


def _undoable(request: HttpRequest) -> BulkOperation | None:
    own = BulkOperation.objects.filter(selection__has_key="how", by_id=staff(request).pk, undone_by=None)
    return own.order_by("-at").first()


def _render_all(request: HttpRequest, message: str) -> HttpResponse:
    """The newest groups again, in the place of all."""
    context = {**_context(request, None), "message": message}
    response = render(request, "admin/curation/lookalike_groups.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "#groups", "innerMorph"
    return response


def _context(request: HttpRequest, before: int | None) -> dict[str, Any]:
    listed = list_groups(request, before, PAGE)
    names = {
        "emotion": dict(EMOTIONS),
        "state": dict(Image.State.choices),
        "verdict": dict(Image.Verdict.choices),
    }
    for group in listed["groups"]:
        group["resolution"] = uuid.uuid4()
        group["hidden"] = group["size"] - len(group["images"])
        for image in group["images"]:
            facts = [names[name].get(image[name], "") for name in ("state", "emotion")]
            image["name"] = image["key"].rpartition("/")[2]
            image["facts"] = [*facts, image["favorite"], names["verdict"].get(image["verdict"], "")]
    return {
        **listed,
        "may_decide": request.user.has_perm("curation.decide"),
        "may_remove": request.user.has_perm("curation.remove_images"),
        "may_undo": _undoable(request) is not None,
    }
