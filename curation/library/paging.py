"""Pages of pictures, newest first, found by id alone: the millionth page takes as long as the first.

Where a filter is narrow its matches may lie far apart. Then one request looks at `STRIDE` ids at most, and answers
with what it found and where to go on; an answer may be empty and still have a `next`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models.functions import Left

from curation.library.filters import VERDICTS, ImageFilter
from curation.library.similarity import similar_images
from garden.models import Image
from garden.models.image import ImageQuerySet

STRIDE = 50_000
PROMPT_LETTERS = 200
FIELDS = ("id", "key", "emotion", "favorite", "orientation", "state", "verdict", "rating", "width", "height", "model")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """`next` is the `before` of the older page, `previous` the `after` of the newer one; None where there is none."""

    rows: list[Row]
    next: int | None = None
    previous: int | None = None


def page_before(filters: ImageFilter, before: int | None, limit: int) -> Page:
    """The newest images, or those older than the image `before`; of a list by likeness all."""
    if filters.like:
        return _by_likeness(filters, filters.like)
    rows, onward = _older(filters, before, limit)
    return Page(rows, onward, None if before is None else before - 1)


def page_after(filters: ImageFilter, after: int, limit: int) -> Page:
    """The images just newer than the image `after`, still newest first."""
    rows, onward = _newer(filters, after, limit)
    return Page(rows, after + 1, onward)


def page_around(filters: ImageFilter, around: int, limit: int) -> Page:
    """An image, or the place where it was, in the middle of its page."""
    if filters.like:
        return _by_likeness(filters, filters.like)
    newer, newer_on = _newer(filters, around, limit // 2)
    older, older_on = _older(filters, around + 1, limit - len(newer))
    return Page(newer + older, older_on, newer_on)


def _by_likeness(filters: ImageFilter, image: int) -> Page:
    similar = similar_images(image)
    fitting = replace(filters, like=None).apply(Image.objects.filter(pk__in=similar))
    rows = {row["id"]: row for row in rows_of(fitting)}
    return Page([rows[pk] for pk in similar if pk in rows])


def last_of(filters: ImageFilter, count: int) -> int | None:
    """The id of the last of `count` images; None where there are fewer. The one walk that grows with its count."""
    ids = filters.apply(Image.objects.all()).order_by("-id").values_list("id", flat=True)
    return next(iter(ids[count - 1 : count]), None)


def rows_with(ids: Iterable[int]) -> list[Row]:
    """These images as they are now, whatever a filter says."""
    return rows_of(Image.objects.filter(id__in=ids).order_by("-id"))


def rows_of(images: ImageQuerySet) -> list[Row]:
    """As lists show them: the prompt cut short, nothing that is long."""
    return [*images.values(*FIELDS, short_prompt=Left("prompt", PROMPT_LETTERS))]


def _older(filters: ImageFilter, before: int | None, limit: int) -> tuple[list[Row], int | None]:
    images = filters.apply(Image.objects.all()).order_by("-id")
    if not filters.is_narrow:
        return _taken(images if before is None else images.before_id(before), limit)
    indexed = filters.without_narrow().apply(Image.objects.all())
    begin = (_first_id(indexed.order_by("-id")) or 0) + 1 if before is None else before
    floor = begin - STRIDE
    rows = rows_of(images.before_id(begin).filter(id__gte=floor)[:limit])
    if len(rows) == limit:
        return rows, rows[-1]["id"]
    further = _first_id(indexed.before_id(floor))
    return rows, None if further is None else further + 1


def _newer(filters: ImageFilter, after: int, limit: int) -> tuple[list[Row], int | None]:
    images = filters.apply(Image.objects.all()).after_id(after)
    if limit == 0:
        return [], after if images.exists() else None
    if not filters.is_narrow:
        rows, onward = _taken(images, limit)
        return rows[::-1], onward
    ceiling = after + STRIDE
    rows = rows_of(images.filter(id__lte=ceiling)[:limit])
    if len(rows) == limit:
        return rows[::-1], rows[-1]["id"]
    further = _first_id(filters.without_narrow().apply(Image.objects.all()).after_id(ceiling))
    return rows[::-1], None if further is None else further - 1


def _taken(images: ImageQuerySet, limit: int) -> tuple[list[Row], int | None]:
    rows = rows_of(images[: limit + 1])
    return rows[:limit], rows[limit - 1]["id"] if len(rows) > limit else None


def _first_id(images: ImageQuerySet) -> int | None:
    return next(iter(images.values_list("id", flat=True)[:1]), None)


ENOUGH = 10_000
NAMES = {"undecided": "undecided", "like": "liked", "dislike": "disliked", "disputed": "disputed"}


def count_by_verdict(filters: ImageFilter, *, exact: bool = False) -> dict[str, Any]:
    """`at_least` names the counts that stopped early; `exact` takes as long as it takes."""
    counts = {NAMES[verdict]: _count(filters, verdict, exact) for verdict in VERDICTS}
    at_least = [name for name, (_, more) in counts.items() if more]
    total = sum(count for count, _ in counts.values())
    numbers = {name: count for name, (count, _) in counts.items()}
    return {"all": total, **numbers, "at_least": ["all", *at_least] if at_least else []}


def _count(filters: ImageFilter, verdict: str, exact: bool) -> tuple[int, bool]:
    if filters.verdict not in ("", verdict):
        return 0, False
    images = replace(filters, verdict=verdict).apply(Image.objects.all())
    if exact:
        return images.count(), False
    near, is_all = _near(filters, images) if filters.is_narrow else (images, True)
    found = near[: ENOUGH + 1].count()
    return min(found, ENOUGH), found > ENOUGH or not is_all


def _near(filters: ImageFilter, images: ImageQuerySet) -> tuple[ImageQuerySet, bool]:
    """Only the newest ids, where no index leads from one match to the next; and whether those are all."""
    newest = Image.objects.order_by("-id").values_list("id", flat=True).first() or 0
    newest = min(newest, filters.start or newest)
    floor = max(newest - 4 * STRIDE, filters.end or 0)
    return images.filter(id__gt=floor), floor <= (filters.end or 0)
