"""The same retouch on many pictures: choose them and a recipe, look at three, run, watch, report."""

import uuid
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from curation.api.retouch.batch_describing import describe_batch
from curation.api.retouch.credits import describe_credits
from curation.api.retouch.words import offered_engines
from curation.batches.choosing import usable
from curation.filters import ImageFilter, InvalidFilterError
from curation.pages.batch_words import PARTS, REGIONS, STATES, words
from curation.pages.filter_form import FilterForm, Suggestions
from curation.pages.gate import page_context
from curation.pages.studio import NUMBER, RETOUCH, form_options
from curation.pages.studio_fields import form_context
from garden.api.fields import LARGEST_ID
from garden.models import Image
from generation.models import RetouchBatch, Version
from generation.retouch.batch.recipe import Recipe
from generation.retouch.regions import DRAWN

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
