"""Review and library: pictures under one filter, with what the state of the pictures allows."""

from dataclasses import replace
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from curation.access_control import page_context
from curation.api.images import PAGE, describe_page
from curation.library.filters import ImageFilter, InvalidFilterError, id_in
from curation.library.forms import LONGEST_WALK, FilterForm, suggestions
from curation.library.paging import last_of, page_around, page_before
from curation.models import Decision
from curation.pages.scripts import script_config
from garden.models import Image, Zone
from garden.models.choices import EMOTIONS, ORIENTATIONS
from generation.retouch.batch.orders import MAX_PICTURES

WORDS: dict[str, Promise | str] = {
    **{f"emotion_{emotion}": label for emotion, label in EMOTIONS},
    **dict(ORIENTATIONS),
    "emotion_none": _("no emotion yet"),
    "picture": _("picture {id}"),
    "verdict_undecided": _("undecided"),
    "verdict_like": pgettext_lazy("verdict", "liked"),
    "verdict_dislike": _("disliked"),
    "verdict_disputed": _("disputed"),
    "verdict_gone": _("no longer in this list"),
    "rated": _("{rating} of 5 stars"),
    "alike": _("{count} near duplicates"),
    "by": _("decided by {name}"),
    "saved": _("All decisions are saved"),
    "saving": _("Saving {count} …"),
    "offline": _("Offline: {count} saved in this browser, sent when the server answers"),
    "signed_out": _("Signed out: {count} saved in this browser."),
    "decision_refused": _("One decision was refused. The picture shows the saved one."),
    "undo": _("Undo"),
    "undo_remove": _("Undo: removed {count}"),
    "undo_publish": _("Undo: published {count}"),
    "undo_label": _("Undo: changed {count}"),
    "undo_restore": _("Undo: restored {count}"),
    "undid_remove": _("Back from the trash: {count}"),
    "undid_publish": _("Withdrawn from the garden: {count}"),
    "undid_label": _("Changed back: {count}"),
    "undid_restore": _("Back in the trash: {count}"),
    "ask_remove": _("Remove {count} disliked?"),
    "ask_publish": _("Publish {count} liked?"),
    "ask_restore_all": _("Restore {count} from the trash?"),
    "ask_purge": _("Delete {count} permanently?"),
    "hint_remove": _("They go to the trash and can be restored from there. Only the pictures of this filter."),
    "hint_publish": _("Visitors see them from then on, as a new release. Only the pictures of this filter."),
    "hint_restore_all": _("They go back to where they were. Only the pictures of this filter."),
    "hint_purge": _("Their files are deleted. This cannot be undone."),
    "do_remove": _("Remove {count}"),
    "do_publish": _("Publish {count}"),
    "do_restore_all": _("Restore {count}"),
    "do_purge": _("Delete {count} permanently"),
    "none_remove": _("No picture of this filter is disliked."),
    "none_publish": _("No picture of this filter is liked."),
    "none_restore_all": _("Nothing to restore here."),
    "none_purge": _("Nothing to delete here."),
    "did_remove": _("Removed: {count}"),
    "did_publish": _("Published: {count}"),
    "did_schedule": _("Scheduled: {count}"),
    "did_restore_all": _("Restored: {count}"),
    "did_label": _("Changed: {count}"),
    "label_this": _("this picture"),
    "label_marked": _("the {count} marked"),
    "label_all": _("all {count} of this filter"),
    "did_purge": _("Permanently deleted: {count}"),
    "did_wall": _("Now shown in {zone}: {slots}"),
    "marked": _("{count} marked"),
    "marked_this": _("marked"),
    "marked_none": _("No picture is marked any more."),
    "marked_too_many": _("At most {most} pictures can be marked."),
    "retouch_all": _("Retouch all of these"),
    "retouch_marked": _("Retouch the {count} marked"),
    "progress": _("{done} of {total} …"),
    "busy": _("Please wait: the last step is still running."),
    "trouble_network": _("The server cannot be reached. Nothing is lost; please try again in a moment."),
    "trouble_signed_out": _("You are signed out, or may not do this. Nothing is lost; please sign in again."),
    "trouble_refused": _("The server refused this."),
    "trouble_server": _("Server error; it was logged. Nothing is lost; please try again."),
}


State = Image.State
_MAY = ("decide", "remove_images", "publish_images", "restore_images", "purge_trash", "settle_dispute")


class Listing(NamedTuple):
    """One of the two pages; its first state is the one that it opens with."""

    name: str
    title: Promise | str
    states: tuple[str, ...]


LISTINGS = {
    listing.name: listing
    for listing in (
        Listing("review", _("Review"), (State.POOL, State.PUBLISHED)),
        Listing("library", _("Library"), (State.SERVING, State.POOL, State.PUBLISHED, State.SHELVED, State.TRASH)),
    )
}


STATES: dict[str, Promise | str] = {
    State.SERVING: _("In the garden"),
    State.POOL: _("Waiting"),
    State.PUBLISHED: _("Originals of published pictures"),
    State.SHELVED: _("Shelved"),
    State.TRASH: _("Trash"),
}
MODES = {State.POOL: "review", State.PUBLISHED: "review", State.SERVING: "viewer", State.SHELVED: "viewer"}
"""What can be done with pictures of a state; of those in the trash `trash`."""


@never_cache
@require_safe
def show_listing(request: HttpRequest, name: str) -> HttpResponse:
    listing = LISTINGS[name]
    query = {"state": listing.states[0], **{key: value for key, value in request.GET.items() if value}}
    form = FilterForm(query, states=listing.states)
    try:
        filters = ImageFilter.from_query(query)
        if filters.state not in listing.states:
            raise InvalidFilterError(f"state: {filters.state!r} has no place on this page.", field="state")
    except InvalidFilterError as problem:
        page = {**page_context(request, listing.title), "form": form, "listing": listing, "problem": problem.detail}
        return render(request, "admin/curation/review.html", page, status=400)
    if counted := _ended(request, filters):
        return redirect(counted)
    first = _first_page(request, filters)
    mode = MODES.get(State(filters.state), "trash")
    may_label = mode == "review" and request.user.has_perm("curation.decide")
    page = {
        **page_context(request, listing.title),
        "form": form,
        "listing": listing,
        "mode": mode,
        "states": _states(listing, filters),
        "chips": _chips(request, form),
        "suggestions": suggestions(),
        "config": _config(request, mode, filters, may_label),
        "words": WORDS,
        "walls": Zone.objects.all() if _may_show(request, mode) else (),
        "serving": Image.objects.serving().count() if not first["images"] and listing.name == "review" else 0,
        "emotions": EMOTIONS if may_label else (),
        "first": first,
    }
    return render(request, "admin/curation/review.html", page)


def _ended(request: HttpRequest, filters: ImageFilter) -> str:
    """The address with `end` for a `number` without one: it then shows the same pictures whenever it is opened."""
    number = id_in(request.GET.get("number", "")) or 0
    if filters.end is not None or not 0 < number <= LONGEST_WALK:
        return ""
    start = filters.start or _newest_id()
    query = request.GET.copy()
    query["start"], query["end"] = str(start), str(last_of(replace(filters, start=start), number) or 1)
    return f"{request.path}?{query.urlencode()}"


def _newest_id() -> int:
    return Image.objects.order_by("-id").values_list("id", flat=True).first() or 1


def _first_page(request: HttpRequest, filters: ImageFilter) -> dict[str, Any]:
    """In the page itself: the first pictures need no second request."""
    at = id_in(request.GET.get("at", ""))
    page = page_before(filters, None, PAGE) if at is None else page_around(filters, at, PAGE)
    return describe_page(page, request)


def _states(listing: Listing, filters: ImageFilter) -> list[tuple[str, Promise | str, bool]]:
    return [(state, STATES[state], state == filters.state) for state in listing.states]


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


def _may_show(request: HttpRequest, mode: str) -> bool:
    """Whether this curator may show pictures of this list on a wall."""
    return mode != "trash" and request.user.has_perm("garden.change_assignment")


def _config(request: HttpRequest, mode: str, filters: ImageFilter, may_label: bool) -> dict[str, Any]:
    may_retouch = mode != "trash" and request.user.has_perm("generation.retouch")
    return script_config(
        request,
        listing=mode,
        user=request.user.pk,
        filter=filters.as_query(),
        may={right: request.user.has_perm(f"curation.{right}") for right in _MAY},
        cursor=Decision.objects.order_by("-id").values_list("id", flat=True).first() or 0,
        votesNeeded=settings.CURATION_VOTES_NEEDED,
        pageSize=PAGE,
        marking=may_retouch or may_label,
        mostMarked=MAX_PICTURES,
        paths={
            "images": reverse("curation:images"),
            "counts": reverse("curation:counts"),
            "decisions": reverse("curation:decisions"),
            "operations": reverse("curation:api-acts"),
            "walls": reverse("curation:api-wall", args=["ZONE"]).removesuffix("ZONE"),
            "wallEditor": reverse("curation:walls") if _may_show(request, mode) else "",
            "login": reverse("admin:login"),
            "studio": reverse("curation:studio") if may_retouch else "",
            "batch": reverse("curation:retouch-batch") if may_retouch else "",
        },
    )
