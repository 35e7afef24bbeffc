"""The page that retouches many pictures alike: choose them and a recipe, and preview three."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from rest_framework.generics import get_object_or_404

from curation.access_control import render_page
from curation.api.batches import usable
from curation.library.filters import ImageFilter, InvalidFilterError, ids_in
from curation.library.forms import FilterForm, suggestions
from curation.pages.scripts import ANY_NUMBER, path_with, script_config
from curation.pages.studio import RETOUCH, form_options
from curation.pages.studio_fields import LABELS, form_context
from garden.models import Image
from generation.api.retouch_words import describe_credits, offered_engines
from generation.models import RetouchBatch, Version
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
