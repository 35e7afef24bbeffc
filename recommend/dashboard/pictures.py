"""Coverage and the most and least liked pictures, counted over all like-rates and kept in the cache for a while."""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.functional import Promise

from garden.models import Image
from garden.models.choices import EMOTIONS
from recommend.dashboard.rates import Rate
from recommend.models import ImageRate

FRESH = timedelta(days=7)
LEAST_LOOKS = 20
"""A picture that fewer saw is on neither list."""
LENGTH = 10
"""Of each list."""
KEPT_SECONDS = 600
_KEY = "recommend.dashboard.pictures"

Counted = tuple[int, int, int]
"""Image id, shown, liked."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Serving pictures of one emotion: how many, how many were ever shown; the same of those published lately."""

    emotion: str
    pictures: int
    shown: int
    fresh: int
    fresh_shown: int

    @property
    def label(self) -> str | Promise:
        return dict(EMOTIONS)[self.emotion]


@dataclass(frozen=True, slots=True)
class RankedPicture:
    """One of the most or least liked pictures."""

    image: Image
    shown: int
    liked: int


@dataclass(frozen=True, slots=True)
class PictureFigures:
    """Coverage by emotion, and the most and least liked serving pictures, by the bounds of their like-rates."""

    coverage: list[Coverage]
    most: list[Counted]
    least: list[Counted]


def read_pictures() -> PictureFigures:
    """As counted within the last KEPT_SECONDS."""
    known: PictureFigures | None = cache.get(_KEY)
    if known is None:
        known = count_pictures()
        cache.set(_KEY, known, KEPT_SECONDS)
    return known


def count_pictures() -> PictureFigures:
    """Reads every like-rate of serving pictures, in memory that does not grow with them."""
    return PictureFigures(_coverage(), _extremes(_most), _extremes(_least))


def with_images(counted: Iterable[Counted]) -> list[RankedPicture]:
    """Without those that were deleted meanwhile."""
    rows = list(counted)
    images = Image.objects.in_bulk([image for image, _shown, _liked in rows])
    return [RankedPicture(images[image], shown, liked) for image, shown, liked in rows if image in images]


def _coverage() -> list[Coverage]:
    seen = Q(was_shown=True)
    fresh = Q(published_at__gte=timezone.now() - FRESH)
    shown = ImageRate.objects.filter(image=OuterRef("pk"), shown__gt=0)
    counted = Image.objects.serving().annotate(was_shown=Exists(shown)).values("emotion").order_by("emotion")
    rows = counted.annotate(
        pictures=Count("pk"),
        shown=Count("pk", filter=seen),
        fresh=Count("pk", filter=fresh),
        fresh_shown=Count("pk", filter=fresh & seen),
    )
    return [Coverage(**row) for row in rows]


def _extremes(order: Callable[[Counted], float]) -> list[Counted]:
    """The first of the order, in one pass."""
    return heapq.nsmallest(LENGTH, _counted(), key=order)


def _counted() -> Iterable[Counted]:
    rates = ImageRate.objects.filter(image__state=Image.State.SERVING).values("image_id").order_by()
    sums = rates.annotate(looks=Sum("shown"), likes=Sum("liked")).filter(looks__gte=LEAST_LOOKS)
    found: Iterable[Any] = sums.values_list("image_id", "looks", "likes").iterator(chunk_size=5_000)
    return found


def _most(counted: Counted) -> float:
    return -Rate(counted[2], counted[1]).low


def _least(counted: Counted) -> float:
    return Rate(counted[2], counted[1]).high
