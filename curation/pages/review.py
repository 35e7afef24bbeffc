"""Review, viewer and trash: one page over three states."""

from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from curation.api.image_serializers import PAGE
from curation.descriptions import describe_page
from curation.filter_values import id_in
from curation.filters import ImageFilter, InvalidFilterError
from curation.models import Decision
from curation.pages.filter_form import LONGEST_WALK, FilterForm, Suggestions
from curation.pages.gate import page_context
from curation.pages.review_words import words
from curation.paging import last_of, page_around, page_before
from garden.api.fields import LARGEST_ID
from garden.models import Image, Zone
from garden.models.choices import EMOTIONS
from generation.retouch.batch.orders import MOST

State = Image.State
_MAY = ("decide", "remove_images", "publish_images", "restore_images", "purge_trash", "settle_dispute")


@dataclass(frozen=True, slots=True)
class Hall:
    """One of the three pages; its first state is the one that it opens with."""

    name: str
    title: Promise | str
    states: tuple[str, ...]


HALLS = {
    hall.name: hall
    for hall in (
        Hall("review", _("Review"), (State.POOL, State.PUBLISHED)),
        Hall("viewer", _("Viewer"), (State.SERVING, State.SHELVED)),
        Hall("trash", _("Trash"), (State.TRASH,)),
    )
}


@never_cache
@require_safe
def show_hall(request: HttpRequest, name: str) -> HttpResponse:
    hall = HALLS[name]
    asked = {"state": hall.states[0], **{key: value for key, value in request.GET.items() if value}}
    form = FilterForm(asked, states=hall.states)
    try:
        wanted = ImageFilter.from_query(asked)
        if wanted.state not in hall.states:
            raise InvalidFilterError(f"state: {wanted.state!r} has no place on this page.", field="state")
    except InvalidFilterError as problem:
        page = {**page_context(request, hall.title), "form": form, "hall": hall, "problem": problem.detail}
        return render(request, "admin/curation/review.html", page, status=400)
    if counted := _ended(request, wanted):
        return redirect(counted)
    first = _first_page(request, wanted)
    page = {
        **page_context(request, hall.title),
        "form": form,
        "hall": hall,
        "suggestions": Suggestions.of_newest(),
        "config": _config(request, hall, wanted),
        "words": words(),
        "walls": _walls(request, hall),
        "serving": Image.objects.serving().count() if not first["images"] and hall.name == "review" else 0,
        "emotions": EMOTIONS if _may_label(request, hall) else (),
        "first": first,
    }
    return render(request, "admin/curation/review.html", page)


def _ended(request: HttpRequest, wanted: ImageFilter) -> str:
    """The address with `end` for a `number` without one: it then shows the same pictures to whoever opens it."""
    number = id_in(request.GET.get("number", "")) or 0
    if wanted.end is not None or not 0 < number <= LONGEST_WALK:
        return ""
    start = wanted.start or _newest_id()
    query = request.GET.copy()
    query["start"], query["end"] = str(start), str(last_of(replace(wanted, start=start), number) or 1)
    return f"{request.path}?{query.urlencode()}"


def _newest_id() -> int:
    return Image.objects.order_by("-id").values_list("id", flat=True).first() or 1


def _first_page(request: HttpRequest, wanted: ImageFilter) -> dict[str, Any]:
    """In the page itself: the first pictures are asked for without a second journey."""
    at = id_in(request.GET.get("at", ""))
    page = page_before(wanted, None, PAGE) if at is None else page_around(wanted, min(at, LARGEST_ID - 1), PAGE)
    return describe_page(page, request)


def _walls(request: HttpRequest, hall: Hall) -> list[Zone]:
    """Where this curator may send pictures from here."""
    may = hall.name != "trash" and request.user.has_perm("garden.change_hanging")
    return list(Zone.objects.all()) if may else []


def _may_retouch(request: HttpRequest, hall: Hall) -> bool:
    return hall.name != "trash" and request.user.has_perm("generation.retouch")


def _may_label(request: HttpRequest, hall: Hall) -> bool:
    return hall.name == "review" and request.user.has_perm("curation.decide")


def _config(request: HttpRequest, hall: Hall, wanted: ImageFilter) -> dict[str, Any]:
    return {
        "hall": hall.name,
        "user": request.user.pk,
        "language": get_language(),
        "csrfToken": get_token(request),
        "filter": wanted.as_query(),
        "may": {right: request.user.has_perm(f"curation.{right}") for right in _MAY},
        "cursor": Decision.objects.order_by("-id").values_list("id", flat=True).first() or 0,
        "votesNeeded": settings.CURATION_VOTES_NEEDED,
        "pageSize": PAGE,
        "marking": _may_retouch(request, hall) or _may_label(request, hall),
        "mostMarked": MOST,
        "paths": {
            "images": reverse("curation:images"),
            "counts": reverse("curation:counts"),
            "decisions": reverse("curation:decisions"),
            "acts": reverse("curation:api-acts"),
            "walls": reverse("curation:api-wall", args=["ZONE"]).removesuffix("ZONE"),
            "login": reverse("admin:login"),
            "studio": reverse("curation:studio") if _may_retouch(request, hall) else "",
            "batch": reverse("curation:retouch-batch") if _may_retouch(request, hall) else "",
        },
    }
