"""How many look-alikes pictures have, and group sizes that follow what becomes of pictures."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from curation.likeness.regrouping import hold_groups
from curation.models import AlikeGroup, Decision, Likeness
from curation.models.likeness import CANDIDATES, LikenessQuerySet
from curation.services.batches import batches
from garden.models import Image

OVERLAP = timedelta(seconds=30)
"""Transactions that began earlier may be committed later."""


def count_alike(images: Iterable[int]) -> dict[int, int]:
    """How many other pictures of the pool and the garden look like each of these; those without any are missing."""
    groups = dict(Likeness.objects.filter(pk__in=list(images), group__isnull=False).values_list("pk", "group"))
    present = Likeness.objects.filter(group__in=set(groups.values()), image__state__in=CANDIDATES).order_by()
    sizes = dict(present.values_list("group").annotate(Count("pk")))
    shown = set(present.filter(pk__in=groups).values_list("pk", flat=True))
    found = {image: sizes.get(group, 0) - (image in shown) for image, group in groups.items()}
    return {image: count for image, count in found.items() if count > 0}


@transaction.atomic
def follow_changes() -> int:
    """Count the groups anew of pictures that moved or were decided since the last time; returns how many."""
    index, now = hold_groups(), timezone.now()
    members = Likeness.objects.filter(group__isnull=False)
    if index.counted_until is not None:
        since = index.counted_until - OVERLAP
        moved = Image.objects.filter(changed_at__gte=since).values("pk")
        decided = Decision.objects.filter(created_at__gte=since, image__isnull=False).values("image")
        groups = {*_groups(members.filter(pk__in=moved)), *_groups(members.filter(pk__in=decided))}
    else:
        groups = set(_groups(members))
    for some in batches(sorted(groups)):
        AlikeGroup.objects.filter(pk__in=some).recount()
    index.counted_until = now
    index.save(update_fields=["counted_until"])
    return len(groups)


def _groups(members: LikenessQuerySet) -> Iterable[int]:
    groups: Iterable[int] = members.order_by().values_list("group_id", flat=True).distinct()
    return groups
