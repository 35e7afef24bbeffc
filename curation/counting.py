"""How many pictures a filter shows, by what was decided; counting stops where nobody needs the exact number."""

from dataclasses import replace
from typing import Any

from curation.filters import VERDICTS, ImageFilter
from curation.paging import STRIDE
from garden.models import Image
from garden.models.image import ImageQuerySet

ENOUGH = 10_000
NAMES = {"undecided": "undecided", "like": "liked", "dislike": "disliked", "disputed": "disputed"}


def count_by_verdict(wanted: ImageFilter, *, exact: bool = False) -> dict[str, Any]:
    """`at_least` names the counts that stopped early; `exact` takes as long as it takes."""
    counts = {NAMES[verdict]: _count(wanted, verdict, exact) for verdict in VERDICTS}
    at_least = [name for name, (_, more) in counts.items() if more]
    total = sum(count for count, _ in counts.values())
    numbers = {name: count for name, (count, _) in counts.items()}
    return {"all": total, **numbers, "at_least": ["all", *at_least] if at_least else []}


def _count(wanted: ImageFilter, verdict: str, exact: bool) -> tuple[int, bool]:
    if wanted.verdict not in ("", verdict):
        return 0, False
    images = replace(wanted, verdict=verdict).apply(Image.objects.all())
    if exact:
        return images.count(), False
    near, is_all = _near(wanted, images) if wanted.is_narrow else (images, True)
    found = near[: ENOUGH + 1].count()
    return min(found, ENOUGH), found > ENOUGH or not is_all


def _near(wanted: ImageFilter, images: ImageQuerySet) -> tuple[ImageQuerySet, bool]:
    """Only the newest ids, where no index leads from one match to the next; and whether those are all."""
    newest = Image.objects.order_by("-id").values_list("id", flat=True).first() or 0
    newest = min(newest, wanted.start or newest)
    floor = max(newest - 4 * STRIDE, wanted.end or 0)
    return images.filter(id__gt=floor), floor <= (wanted.end or 0)
