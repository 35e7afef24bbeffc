"""Looking again which members of a group are still connected, after one left or was called apart."""

from collections.abc import Iterable, Sequence

import numpy as np
from django.conf import settings

from curation.likeness.bands import as_unsigned
from curation.likeness.pairs import label_groups
from curation.models import AlikeGroup, Apart, Likeness, LikenessIndex
from curation.services.batches import batches

Member = tuple[int, int, int]
"""Image, perceptual and gradient hash as stored."""


def hold_groups() -> LikenessIndex:
    """Whoever changes groups goes alone: two pictures that find each other must not both begin a group."""
    LikenessIndex.objects.get_or_create(pk=1)
    return LikenessIndex.objects.select_for_update().get(pk=1)


def regroup(groups: Iterable[int]) -> None:
    """The largest part keeps the group, others get their own; who is left alone has none."""
    for group in set(groups):
        members = list(Likeness.objects.filter(group=group).order_by("pk").values_list("pk", "phash", "dhash"))
        parts = connected_parts(members)
        kept = [part for part in parts[:1] if len(part) > 1]
        for part in parts[len(kept) :]:
            _move(part, AlikeGroup.objects.create().pk if len(part) > 1 else None)
        if kept:
            AlikeGroup.objects.filter(pk=group).recount()
        else:
            AlikeGroup.objects.filter(pk=group).delete()


def connected_parts(members: Sequence[Member]) -> list[list[int]]:
    """Images of each connected part, the largest first, those alone last."""
    if not members:
        return []
    images = [image for image, _, _ in members]
    hashes = np.array([[as_unsigned(phash), as_unsigned(dhash)] for _, phash, dhash in members], np.uint64)
    labels = label_groups(hashes, settings.LOOKALIKE_DISTANCE, _positions_apart(images))
    parts: dict[int, list[int]] = {}
    for image, label in zip(images, labels.tolist(), strict=True):
        parts.setdefault(label, []).append(image)
    return sorted(parts.values(), key=lambda part: (-len(part), part[0]))


def _positions_apart(images: Sequence[int]) -> list[tuple[int, int]]:
    position = {image: at for at, image in enumerate(images)}
    pairs = [pair for some in batches(images) for pair in Apart.objects.from_any(some)]
    return [(position[one], position[other]) for one, other in pairs if other in position]


def _move(images: Sequence[int], group: int | None) -> None:
    for some in batches(images):
        Likeness.objects.filter(pk__in=some).update(group=group)
    if group is not None:
        AlikeGroup.objects.filter(pk=group).recount()
