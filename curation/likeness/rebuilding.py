"""All groups anew, from hashes and from what curators said; groups that stay the same keep what was said of them."""

from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from curation.likeness.regrouping import connected_parts, hold_groups
from curation.models import AlikeGroup, Likeness
from curation.services.batches import batches


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many pictures were compared, how many groups there are, and how many of these are not as they were."""

    pictures: int
    groups: int
    changed: int


@transaction.atomic
def rebuild_groups(*, dry_run: bool = False) -> Rebuilt:
    index = hold_groups()
    members = list(Likeness.objects.order_by("pk").values_list("pk", "phash", "dhash"))
    before = dict(Likeness.objects.filter(group__isnull=False).values_list("pk", "group"))
    parts = [part for part in connected_parts(members) if len(part) > 1]
    sizes = Counter(before.values())
    fresh = [part for part in parts if not _is_same(part, before, sizes)]
    if not dry_run:
        _store(parts, fresh, before)
        index.distance = settings.LOOKALIKE_DISTANCE
        index.save(update_fields=["distance"])
    return Rebuilt(len(members), len(parts), len(fresh))


def _is_same(part: list[int], before: dict[int, int], sizes: Counter[int]) -> bool:
    groups = {before.get(image) for image in part}
    group = groups.pop()
    return not groups and group is not None and sizes[group] == len(part)


def _store(parts: list[list[int]], fresh: list[list[int]], before: dict[int, int]) -> None:
    """Old groups that dissolved go; new ones are open."""
    made = AlikeGroup.objects.bulk_create((AlikeGroup(size=len(part)) for part in fresh), batch_size=500)
    now = {image: group.pk for part, group in zip(fresh, made, strict=True) for image in part}
    kept = {image for part in parts for image in part} - set(now)
    gone = [image for image in before if image not in now and image not in kept]
    for some in batches(gone):
        Likeness.objects.filter(pk__in=some).update(group=None)
    moved = [Likeness(pk=image, group_id=group) for image, group in now.items()]
    Likeness.objects.bulk_update(moved, ["group"], batch_size=300)
    AlikeGroup.objects.filter(members=None).delete()
    for some in batches(list(now.values())):
        AlikeGroup.objects.filter(pk__in=set(some)).recount()
