"""Review and library: pictures under one filter, with what the state of the pictures allows."""

from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from curation.access_control import render_page
from curation.api.images import PAGE, describe_page
from curation.library.filters import ALL, ImageFilter, InvalidFilterError, id_in
from curation.library.forms import LONGEST_WALK, VERDICTS, FilterForm, suggestions
from curation.library.paging import last_of, page_around, page_before
from curation.models import Decision
from curation.pages.scripts import script_config
from garden.models import Image, Zone
from garden.models.choices import EMOTIONS, ORIENTATIONS
from generation.retouch.batch.orders import MAX_PICTURES

State = Image.State


class Listing(NamedTuple):
    """One of the two pages; its first state is the one that it opens with."""

    name: str
    title: Promise | str
    states: tuple[str, ...]


LISTINGS = {
    listing.name: listing
    for listing in (
        Listing("review", _("Review"), (State.POOL, State.PUBLISHED)),
        Listing("library", _("Library"), (State.SERVING, ALL, State.POOL, State.PUBLISHED, State.SHELVED, State.TRASH)),
    )
}


STATES: dict[str, Promise | str] = {
    ALL: _("All"),
    State.SERVING: _("In the garden"),
    State.POOL: _("Waiting"),
    State.PUBLISHED: _("Published originals"),
    State.SHELVED: _("Shelved"),
    State.TRASH: _("Trash"),
}
LABELS: dict[str, Promise | str] = {
    **dict(EMOTIONS),
    **dict(ORIENTATIONS),
    **STATES,
    **dict(VERDICTS),
    "gone": _("no longer in this list"),
}
"""What scripts call an emotion, an orientation, a state, a verdict."""


@require_safe
def show_listing(request: HttpRequest, name: str) -> HttpResponse:
    listing = LISTINGS[name]
    query = {"state": listing.states[0], **{key: value for key, value in request.GET.items() if value}}
    form = FilterForm(query, states=listing.states, hide_state=True)
    try:
        filters = ImageFilter.from_query(query)
        if filters.state not in listing.states:
            raise InvalidFilterError(f"state: {filters.state!r} has no place on this page.", field="state")
    except InvalidFilterError as problem:
        refused = {"form": form, "listing": listing, "problem": problem.detail}
        return render_page(request, "admin/curation/review.html", listing.title, refused, status=400)
    if counted := _ended(request, filters):
        return redirect(counted)
    first = _first_page(request, filters)
    may = _rights(request, filters.state)
    page = {
        "form": form,
        "listing": listing,
        "may": may,
        "states": _states(request, listing, filters),
        "chips": _chips(request, form),
        "suggestions": suggestions(),
        "config": _config(request, may, filters),
        "walls": Zone.objects.all() if may["wall"] else (),
        "serving": Image.objects.serving().count() if not first["images"] and listing.name == "review" else 0,
        "emotions": EMOTIONS,
        "first": first,
    }
    return render_page(request, "admin/curation/review.html", listing.title, page)


def _ended(request: HttpRequest, filters: ImageFilter) -> str:
    """The address with `end` for a `number` without one: it then shows the same pictures whenever it is opened."""
    number = id_in(request.GET.get("number", "")) or 0
    if filters.end is not None or not 0 < number <= LONGEST_WALK:
        return ""
    start = filters.start or Image.objects.order_by("-id").values_list("id", flat=True).first() or 1
    query = request.GET.copy()
    query["start"], query["end"] = str(start), str(last_of(replace(filters, start=start), number) or 1)
    return f"{request.path}?{query.urlencode()}"


def _first_page(request: HttpRequest, filters: ImageFilter) -> dict[str, Any]:
    """In the page itself: the first pictures need no second request."""
    at = id_in(request.GET.get("at", ""))
    page = page_before(filters, None, PAGE) if at is None else page_around(filters, at, PAGE)
    return describe_page(page, request)


def _states(request: HttpRequest, listing: Listing, filters: ImageFilter) -> list[tuple[str, Promise | str, bool]]:
    """Of each state the address, with the rest of the filter, its label, and whether it is the one shown."""
    others = request.GET.copy()
    for name in ("state", "at", "view", "start", "end", "number"):
        others.pop(name, None)
    return [
        (f"?{urlencode({'state': state, **others.dict()})}", STATES[state], state == filters.state)
        for state in listing.states
    ]


def _chips(request: HttpRequest, form: FilterForm) -> list[tuple[str, str, str]]:
    """The label and value of each filter in use, and the address without it."""
    chips = []
    for field in form:
        value = request.GET.get(field.name, "")
        if not value or field.name == "state":
            continue
        others = request.GET.copy()
        del others[field.name]
        choices = dict(getattr(field.field, "choices", ()))
        chips.append((str(field.label), str(choices.get(value, value)), f"?{others.urlencode()}"))
    return chips


def _rights(request: HttpRequest, state: str) -> dict[str, bool]:
    """What this curator may do with pictures of this state, by the name that scripts and templates use."""
    has = request.user.has_perm
    in_trash, mixed = state == State.TRASH, state == ALL
    waits = state in (State.POOL, State.PUBLISHED)
    decides, retouches = has("curation.decide"), has("generation.retouch") and not in_trash
    return {
        "all": not mixed,
        "decide": decides,
        "settle_dispute": has("curation.settle_dispute"),
        "remove": has("curation.remove_images") and not in_trash,
        "publish": has("curation.publish_images") and (waits or mixed),
        "restore": has("curation.restore_images") and (in_trash or mixed),
        "purge": has("curation.purge_trash") and in_trash,
        "label": decides and not in_trash and (state != State.SERVING or has("curation.publish_images")),
        "collect": decides,
        "upload": has("generation.add_generationjob") and not in_trash,
        "wall": has("garden.change_assignment") and not in_trash,
        "retouch": retouches,
    }


def _config(request: HttpRequest, may: dict[str, bool], filters: ImageFilter) -> dict[str, Any]:
    names = {
        "images": "images",
        "counts": "counts",
        "decisions": "decisions",
        "operations": "api-acts",
        "collections": "collections",
        "download": "download",
        "library": "library",
        "wallEditor": "walls",
        "studio": "studio",
        "batch": "retouch-batch",
    }
    return script_config(
        request,
        user=request.user.pk,
        filter=filters.as_query(),
        may=may,
        labels=LABELS,
        cursor=Decision.objects.order_by("-id").values_list("id", flat=True).first() or 0,
        votesNeeded=settings.CURATION_VOTES_NEEDED,
        pageSize=PAGE,
        mostMarked=MAX_PICTURES,
        paths={
            **{path: reverse(f"curation:{name}") for path, name in names.items()},
            "walls": reverse("curation:api-wall", args=["ZONE"]).removesuffix("ZONE"),
        },
    )
