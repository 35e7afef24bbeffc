"""Coverage and the most and least liked pictures, counted by a worker over all like-rates."""

import heapq
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone

from garden.models import Image
from recommend.dashboard.rates import Rate
from recommend.models import CoverageTally, ImageRate, RankedPicture

FRESH = timedelta(days=7)
LEAST_LOOKS = 20
"""A picture that fewer saw is on neither list."""

Counted = tuple[int, int, int]
"""Image id, shown, liked."""


def tally_pictures() -> None:
    """Replace coverage and both lists."""
    coverage, most, least = _coverage(), _extremes(_most), _extremes(_least)
    with transaction.atomic():
        CoverageTally.objects.all().delete()
        CoverageTally.objects.bulk_create(coverage)
        RankedPicture.objects.all().delete()
        RankedPicture.objects.bulk_create(
            [*_ranked(RankedPicture.List.MOST, most), *_ranked(RankedPicture.List.LEAST, least)]
        )


def _coverage() -> list[CoverageTally]:
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
    return [CoverageTally(**row) for row in rows]


def _extremes(order: Callable[[Counted], float]) -> list[Counted]:
    """The first of the order, in one pass whose memory does not grow with the pictures."""
    return heapq.nsmallest(RankedPicture.LENGTH, _counted(), key=order)


def _counted() -> Iterable[Counted]:
    rates = ImageRate.objects.filter(image__state=Image.State.SERVING).values("image_id").order_by()
    sums = rates.annotate(looks=Sum("shown"), likes=Sum("liked")).filter(looks__gte=LEAST_LOOKS)
    found: Iterable[Any] = sums.values_list("image_id", "looks", "likes").iterator(chunk_size=5_000)
    return found


def _most(counted: Counted) -> float:
    return -Rate(counted[2], counted[1]).low


def _least(counted: Counted) -> float:
    return Rate(counted[2], counted[1]).high


def _ranked(which: RankedPicture.List, found: Iterable[Counted]) -> list[RankedPicture]:
    return [
        RankedPicture(list=which, place=place, image_id=image, shown=shown, liked=liked)
        for place, (image, shown, liked) in enumerate(found)
    ]
