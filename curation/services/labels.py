"""Emotion and favorite of pictures in the pool: changed in bulk, and changed back."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from curation.models import Act, ActItem
from curation.services.batches import batches
from curation.services.deeds import Deed
from curation.services.gardens import State, hold_gardens
from garden.models import Image
from garden.models.image import ImageQuerySet

LABELS = ("emotion", "favorite")


class Label(Deed):
    """Set `selection["labels"]`, an emotion, a favorite or both. A published picture keeps the labels of its copy."""

    fits = (State.POOL,)

    def apply(self, act: Act) -> None:
        wanted = act.selection["labels"]
        images = Image.objects.filter(act_items__act=act)
        _lock(images, wanted)
        _set_labels(act, _changeable(images).exclude(**wanted), wanted)


def undo_labels(act: Act, undone: Act) -> None:
    """Give back the former labels of the pictures that nobody has changed or published since."""
    images = Image.objects.filter(act_items__act=undone, act_items__labels_before__isnull=False)
    _lock(images, {})
    unchanged = _changeable(images).filter(**undone.selection["labels"]).values("pk")
    items = undone.items.filter(image__in=unchanged, labels_before__isnull=False)
    found: list[tuple[int, str, Any]] = list(items.values_list("image_id", "key", "labels_before"))
    ActItem.objects.bulk_create(ActItem(act=act, image_id=image, key=key) for image, key, _labels in found)
    act.total = len(found)
    former: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for image, _key, labels in found:
        former[tuple(labels[name] for name in LABELS)].append(image)
    for values, ids in former.items():
        for some in batches(ids):
            _set_labels(act, Image.objects.filter(pk__in=some), dict(zip(LABELS, values, strict=True)))


def _lock(images: ImageQuerySet, wanted: Mapping[str, str]) -> None:
    """Against publications: they lock the same rows."""
    emotions = set(images.order_by().values_list("emotion", flat=True).distinct())
    hold_gardens(emotions | {wanted.get("emotion", "")})


def _changeable(images: ImageQuerySet) -> ImageQuerySet:
    return images.pool().exclude(pk__in=ActItem.objects.publishing().filter(image__isnull=False).values("image"))


def _set_labels(act: Act, images: ImageQuerySet, labels: Mapping[str, str]) -> None:
    former: dict[tuple[str, str], list[int]] = defaultdict(list)
    for pk, *values in images.values_list("pk", *LABELS):
        former[values[0], values[1]].append(pk)
    act.applied_at = timezone.now()
    changes: dict[str, Any] = {**labels, "changed_at": act.applied_at}
    for values, ids in former.items():
        for some in batches(ids):
            act.items.filter(image__in=some).update(labels_before=dict(zip(LABELS, values, strict=True)))
            Image.objects.filter(pk__in=some).update(**changes)
