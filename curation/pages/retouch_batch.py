"""The same retouch on many pictures: choose them and a recipe, look at three, run, watch, report."""

import uuid
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from curation.api.batches import usable
from curation.library.filters import ImageFilter, InvalidFilterError
from curation.library.forms import FilterForm, Suggestions
from curation.pages.gate import page_context
from curation.pages.studio import NUMBER, RETOUCH, form_options
from curation.pages.studio import words as studio_words
from curation.pages.studio_fields import form_context
from garden.api.fields import LARGEST_ID
from garden.models import Image
from generation.api.retouch_batches import describe_batch
from generation.api.retouch_words import describe_credits, offered_engines
from generation.models import RetouchBatch, Version
from generation.models.batch import SKIPPED, WAITING
from generation.models.job import SlotState
from generation.retouch.batch.recipe import Part, Recipe
from generation.retouch.regions import ALL, DRAWN, FACE, SALIENCY, SEGMENT

Label = Promise | str
REGIONS: list[tuple[str, Label, Label]] = [
    (ALL, _("All"), _("the whole picture")),
    (FACE, _("Faces"), _("each face from brow to chin; a picture without one is reported")),
    (SEGMENT, _("The subject"), _("the thing that draws the eye, cut out along its edges")),
    (SALIENCY, _("What stands out"), _("the part that draws the eye, roughly")),
    (DRAWN, _("A drawn mask"), _("the same mask on every picture of its shape")),
]
PARTS: list[tuple[str, Label]] = [
    (Part.PICTURE, _("the whole picture")),
    (Part.REGION, _("only the region and what is around it")),
]
STATES: list[tuple[str, Label]] = [
    ("", _("all")),
    (SlotState.DONE, pgettext_lazy("state", "done")),
    (SlotState.FAILED, _("failed")),
    (SKIPPED, _("done before")),
    (SlotState.LEASED, _("being made")),
    (SlotState.QUEUED, _("waiting")),
    (SlotState.PAUSED, _("paused")),
    (SlotState.CANCELLED, _("cancelled")),
    (WAITING, _("not asked for yet")),
]
_WORDS: dict[str, Label] = {
    **{f"state_{state}": label for state, label in STATES if state},
    "chosen": _("{count} of {all} chosen"),
    "left_out": _("Left out, because they are in the trash or gone: {count}."),
    "nothing_chosen": _("Choose at least one picture."),
    "too_many": _("This filter shows more than {most} pictures. Narrow it."),
    "picture_alt": _("picture {id}: {prompt}"),
    "leave_out": _("picture {id} is part of it"),
    "recipe_read": _("The recipe is in the form."),
    "recipe_broken": _("This is no JSON: {why}"),
    "mask_missing": _("Choose the file of the mask."),
    "previewing": _("Three pictures are being made …"),
    "preview_done": _("Look at them, then run all, or change the recipe."),
    "preview_none": _("Nothing is previewed."),
    "running": _("Pictures done: {done} of {all}."),
    "complete": _("All pictures are done: {all}."),
    "ended": _("It has ended: {done} done, {failed} failed, {skipped} done before."),
    "paused_now": _("Paused: what is being made is finished, nothing new is begun."),
    "cancelled_now": _("Cancelled: what is done stays."),
    "nobody": _("Nobody is there to make them: no worker is online."),
    "left": _("about {time} left"),
    "seconds": _("{n} s"),
    "minutes": _("{n} min"),
    "hours": _("{n} h {m} min"),
    "run_all": _("Run all {count}"),
    "cost": _("All of them cost {cost} credits at most; {left} are left."),
    "before": _("before: {name}"),
    "after": _("after: {name}"),
    "page_of": _("Pictures {first} to {last}"),
    "cancel_body": _("Pictures that will not be made: {count}. What is done stays."),
}


def words() -> dict[str, str]:
    """In the language of the request, with those of the studio whose scripts work here, too."""
    return {**studio_words(), **{key: str(text) for key, text in _WORDS.items()}}


RECENT = 10
NOBODY = uuid.UUID(int=0)
CHOOSABLE = (Image.State.POOL, Image.State.PUBLISHED, Image.State.SERVING, Image.State.SHELVED)
ROUTES = ("", "-items", "-preview", "-run", "-pause", "-resume", "-cancel", "-retry", "-report", "-table")


@never_cache
@require_safe
def show_batch(request: HttpRequest) -> HttpResponse:
    """`?batch=` is watched. Otherwise pictures are chosen: `?images=1,2`, or a filter as review has it.

    `?marked=` is for those that were marked in review: the browser's tab knows which.
    `?from=` begins with the pictures and the recipe of a batch, `?version=` with what was done in the studio.
    """
    if "batch" in request.GET:
        return _watching(request, _batch(request.GET["batch"]))
    return _choosing(request)


def _watching(request: HttpRequest, batch: RetouchBatch) -> HttpResponse:
    page = {
        **page_context(request, _("Retouch many")),
        "batch": batch,
        "states": STATES,
        "may_retouch": request.user.has_perm(RETOUCH),
        "may_change": batch.items.filter(image__isnull=False).exists(),
        "config": _config(request, batch=describe_batch(batch, request)),
    }
    return render(request, "admin/curation/batch_watch.html", page)


def _choosing(request: HttpRequest) -> HttpResponse:
    earlier = _batch(request.GET["from"]) if "from" in request.GET else None
    version = _version(request.GET["version"]) if "version" in request.GET else None
    ids = usable(_ids(request.GET.get("images", "")) or _ids_of(earlier))
    given = {name: value for name, value in request.GET.items() if value}
    if version is not None and not ids and "job" not in given:
        given["job"] = _job_of(version)
    try:
        wanted = ImageFilter.from_query(given).as_query()
    except InvalidFilterError as problem:
        wanted, ids, refused = {"state": Image.State.POOL.value}, [], problem.detail
    else:
        refused = ""
    engines = offered_engines()
    page = {
        **page_context(request, _("Retouch many")),
        **form_context(dict.fromkeys(engine["name"] for engine in engines)),
        "problem": refused,
        "form": FilterForm(wanted, states=CHOOSABLE),
        "suggestions": Suggestions.of_newest(),
        "chosen": len(ids),
        "regions": REGIONS,
        "parts": PARTS,
        "version": version,
        "may_retouch": request.user.has_perm(RETOUCH),
        "batches": _recent(),
        "config": _config(
            request,
            options=form_options(engines),
            filter=wanted,
            images=ids,
            recipe=_recipe(earlier, version),
            marked="marked" in request.GET,
            user=request.user.pk,
            maskOf=version and str(version.pk),
            credits=describe_credits(request.user),  # type: ignore[arg-type]  # The gate let nobody else in.
        ),
    }
    return render(request, "admin/curation/batch_new.html", page, status=400 if refused else 200)


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


def _batch(given: str) -> RetouchBatch:
    try:
        return RetouchBatch.objects.select_related("job", "by").get(pk=uuid.UUID(given))
    except (ValueError, RetouchBatch.DoesNotExist):
        raise Http404 from None


def _version(given: str) -> Version:
    """Raises Http404 for one that is not there, or not done."""
    try:
        return Version.objects.done().select_related("canvas", "canvas__image").get(pk=uuid.UUID(given))
    except (ValueError, Version.DoesNotExist):
        raise Http404 from None


def _ids(given: str) -> list[int]:
    parts = [part for part in given.split(",") if part.isascii() and part.isdecimal() and len(part) < 20]
    return [int(part) for part in parts if int(part) <= LARGEST_ID]


def _ids_of(earlier: RetouchBatch | None) -> list[int]:
    if earlier is None:
        return []
    return [image for image in earlier.items.in_order().values_list("image", flat=True) if image is not None]


def _job_of(version: Version) -> str:
    """The job that made the version's picture, whose other pictures are like it."""
    slot = getattr(version.canvas.image, "slot", None) if version.canvas.image else None
    return str(slot.job_id) if slot else ""


def _recent() -> Any:
    return RetouchBatch.objects.select_related("by").annotate(pictures=Count("items")).order_by("-created_at")[:RECENT]


def _config(request: HttpRequest, **given: Any) -> dict[str, Any]:
    """`{batch}` in a path is to be replaced by a batch's id. Named as the studio's, whose scripts read it, too."""
    batch_paths = {f"batch{route.replace('-', '_')}": f"api-batch{route}" for route in ROUTES}
    return {
        "language": get_language(),
        "csrfToken": get_token(request),
        "words": words(),
        "may": {"retouch": request.user.has_perm(RETOUCH)},
        "paths": {
            **{name: _path_of(route) for name, route in batch_paths.items()},
            "batches": reverse("curation:api-batches"),
            "candidates": reverse("curation:api-batch-candidates"),
            "recipe": reverse("curation:api-batch-recipe"),
            "presets": reverse("curation:api-retouch-presets"),
            "words": reverse("curation:api-retouch-words"),
            "preset": reverse("curation:api-retouch-preset", args=[NUMBER]).replace(str(NUMBER), "{preset}"),
            "page": reverse("curation:retouch-batch"),
            "studio": reverse("curation:studio"),
        },
        **given,
    }


def _path_of(name: str) -> str:
    return reverse(f"curation:{name}", args=[NOBODY]).replace(str(NOBODY), "{batch}")
