"""Keeping groups: a group is all that a chain of look-alikes reaches. One picture comes in at a time."""

from collections.abc import Sequence

from django.db import transaction

from curation.likeness.bands import BANDS, as_signed, bands_of
from curation.likeness.finding import find_neighbours
from curation.likeness.fingerprint import Fingerprint
from curation.likeness.regrouping import hold_groups, regroup
from curation.models import AlikeGroup, Apart, Likeness
from curation.services.batches import batches
from garden.models import Image


@transaction.atomic
def place_picture(*, image: Image, fingerprint: Fingerprint) -> Likeness:
    """Remember what a picture looks like, and put it into the group of those that look like it."""
    hold_groups()
    before = Likeness.objects.filter(pk=image.pk).values_list("group", flat=True).first()
    likeness = likeness_of(image.pk, fingerprint)
    likeness.save()
    if before is not None:
        regroup([before])
    join_neighbours(likeness)
    return likeness


def likeness_of(image: int, fingerprint: Fingerprint) -> Likeness:
    bands = bands_of(fingerprint.phash)
    return Likeness(
        image_id=image,
        phash=as_signed(fingerprint.phash),
        dhash=as_signed(fingerprint.dhash),
        sharpness=fingerprint.sharpness,
        **{f"band_{number}": bands[number] for number in range(BANDS)},
    )


def join_neighbours(likeness: Likeness) -> None:
    """Groups that the picture connects become one; the group is open again, since there is something new in it."""
    apart = Apart.objects.beside(likeness.image_id)
    near = [neighbour for neighbour in find_neighbours(likeness) if neighbour.image not in apart]
    if not near:
        return
    groups = sorted({neighbour.group for neighbour in near if neighbour.group is not None})
    kept = groups[0] if groups else AlikeGroup.objects.create().pk
    Likeness.objects.filter(group__in=groups[1:]).update(group=kept)
    alone = [neighbour.image for neighbour in near if neighbour.group is None]
    _join([likeness.image_id, *alone], kept)
    AlikeGroup.objects.filter(pk__in=groups[1:]).delete()
    AlikeGroup.objects.filter(pk=kept).update(settled_at=None)
    AlikeGroup.objects.filter(pk=kept).recount()
    likeness.group_id = kept


def _join(images: Sequence[int], group: int) -> None:
    for some in batches(images):
        Likeness.objects.filter(pk__in=some).update(group=group)
