"""Groups of near duplicates: a group is all that a chain of near duplicates reaches.

Pictures come in one at a time and join the groups of those they look like; `rebuild_groups` makes all groups again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Sum

from curation.duplicates.hashing import (
    BANDS,
    GRADIENT_FACTOR,
    PictureHash,
    as_signed,
    as_unsigned,
    bands_of,
    distance_between,
    label_groups,
    values_near,
)
from curation.models import Fingerprint
from curation.models.duplicates import CANDIDATES
from garden.batches import batches
from garden.models import Image
from recommend.models import ImageRate

HashRow = tuple[int, int, int]
"""Image, perceptual and gradient hash as stored."""
_LOCK = 0x6475_706C
"""Of PostgreSQL's advisory locks the one for groups: "dupl" in ASCII."""


_VERDICTS = {Image.Verdict.LIKE: 3, "": 2, Image.Verdict.DISPUTED: 1, Image.Verdict.DISLIKE: 0}
"""Of a verdict, in the order of members."""


@dataclass(frozen=True, slots=True)
class Member:
    """A picture of a group, with its figures."""

    image: Image
    fingerprint: Fingerprint
    liked: int
    shown: int

    @property
    def rank(self) -> tuple[float, ...]:
        """Curators' word first, then visitors', then the sharper, larger, older one."""
        image = self.image
        rating, pixels = image.rating or 0, image.width * image.height
        rank = (_VERDICTS[image.verdict], rating, self.liked)
        return (*rank, round(self.fingerprint.sharpness, 1), pixels, -image.pk)


def unresolved_members(groups: Sequence[int]) -> dict[int, list[Member]]:
    """Of each group the pictures still in question, the best first. Two queries."""
    found = list(Fingerprint.objects.filter(group__in=groups).unresolved().select_related("image"))
    rates = (
        ImageRate.objects.filter(image__in=[fingerprint.pk for fingerprint in found]).order_by().values_list("image")
    )
    likes = {image: (liked, shown) for image, liked, shown in rates.annotate(Sum("liked"), Sum("shown"))}
    members: dict[int, list[Member]] = {}
    for fingerprint in found:
        member = Member(fingerprint.image, fingerprint, *likes.get(fingerprint.pk, (0, 0)))
        members.setdefault(fingerprint.group or 0, []).append(member)
    return {group: sorted(some, key=lambda member: member.rank, reverse=True) for group, some in members.items()}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A picture that looks like the requested one; `distance` in bits of the perceptual hash."""

    image: int
    distance: int
    group: int | None


@dataclass(frozen=True, slots=True)
class RebuiltGroups:
    """How many pictures were compared, how many groups there are, and how many of these are not as they were."""

    pictures: int
    groups: int
    changed: int


def lock_groups() -> None:
    """Locked until the transaction ends: two pictures that find each other begin one group.

    On SQLite every transaction is alone with its writes from its beginning.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


@transaction.atomic
def place_picture(*, image: Image, hashed: PictureHash) -> Fingerprint:
    """Remember what a picture looks like, and put it into the group of those that look like it."""
    lock_groups()
    before = Fingerprint.objects.filter(pk=image.pk).first()
    fingerprint = make_fingerprint(image.pk, hashed)
    fingerprint.not_alike = before.not_alike if before else {}
    fingerprint.save()
    if before and before.group is not None:
        regroup([before.group])
    join_neighbours(fingerprint)
    return fingerprint


def make_fingerprint(image: int, hashed: PictureHash) -> Fingerprint:
    """Not saved, in no group."""
    bands = bands_of(hashed.phash)
    return Fingerprint(
        image_id=image,
        phash=as_signed(hashed.phash),
        dhash=as_signed(hashed.dhash),
        sharpness=hashed.sharpness,
        **{f"band_{number}": bands[number] for number in range(BANDS)},
    )


def find_neighbours(fingerprint: Fingerprint, distance: int | None = None) -> list[Neighbour]:
    """All near duplicates whatever their state, the nearest first; not the picture itself.

    A few hundred index entries are read, however many pictures there are.
    """
    most = settings.LOOKALIKE_DISTANCE if distance is None else distance
    bands = bands_of(as_unsigned(fingerprint.phash))
    parts = [_with_band(number, values_near(bands[number], most)) for number in range(BANDS)]
    found = [
        Neighbour(image, distance_between(phash, fingerprint.phash), group)
        for image, phash, dhash, group in parts[0].union(*parts[1:])
        if image != fingerprint.image_id
        and distance_between(phash, fingerprint.phash) <= most
        and distance_between(dhash, fingerprint.dhash) <= GRADIENT_FACTOR * most
    ]
    return sorted(found, key=lambda neighbour: (neighbour.distance, neighbour.image))


def _with_band(number: int, values: list[int]) -> Any:
    rows = Fingerprint.objects.filter(**{f"band_{number}__in": values})
    return rows.order_by().values_list("image_id", "phash", "dhash", "group")


def join_neighbours(fingerprint: Fingerprint) -> None:
    """Groups that the picture connects become one; the group is open again, since there is something new in it."""
    near = [near for near in find_neighbours(fingerprint) if str(near.image) not in fingerprint.not_alike]
    if not near:
        return
    groups = {neighbour.group for neighbour in near if neighbour.group is not None}
    alone = [neighbour.image for neighbour in near if neighbour.group is None]
    group = min(fingerprint.image_id, *alone, *groups)
    Fingerprint.objects.filter(group__in=groups).update(group=group, resolved_at=None)
    _set_group([fingerprint.image_id, *alone], group)
    fingerprint.group = group


def regroup(groups: Iterable[int]) -> None:
    """Look again which members are connected: each part is a group of its own, a picture that is alone has none.

    The largest part stays resolved if the group was; the others are open.
    """
    for group in set(groups):
        rows = list(Fingerprint.objects.filter(group=group).order_by("pk").values_list("pk", "phash", "dhash"))
        parts = connected_parts(rows)
        for number, part in enumerate(parts):
            _set_group(part, part[0] if len(part) > 1 else None, opens=number > 0)


def _set_group(images: Sequence[int], group: int | None, *, opens: bool = True) -> None:
    changes: dict[str, Any] = {"group": group, "resolved_at": None} if opens else {"group": group}
    for some in batches(images):
        Fingerprint.objects.filter(pk__in=some).update(**changes)


def connected_parts(rows: Sequence[HashRow]) -> list[list[int]]:
    """Images of each connected part, the largest first, those alone last; the order within a part is that of `rows`."""
    if not rows:
        return []
    images = [image for image, _, _ in rows]
    hashes = np.array([[as_unsigned(phash), as_unsigned(dhash)] for _, phash, dhash in rows], np.uint64)
    labels = label_groups(hashes, settings.LOOKALIKE_DISTANCE, _positions_apart(images))
    parts: dict[int, list[int]] = {}
    for image, label in zip(images, labels.tolist(), strict=True):
        parts.setdefault(label, []).append(image)
    return sorted(parts.values(), key=lambda part: (-len(part), part[0]))


def _positions_apart(images: Sequence[int]) -> list[tuple[int, int]]:
    position = {image: at for at, image in enumerate(images)}
    pairs = []
    for some in batches(images):
        separated = Fingerprint.objects.filter(pk__in=some).exclude(not_alike={})
        for one, others in separated.values_list("pk", "not_alike"):
            pairs += [(position[one], position[int(other)]) for other in others if int(other) in position]
    return pairs


@transaction.atomic
def rebuild_groups(*, dry_run: bool = False) -> RebuiltGroups:
    """All groups again, from hashes and resolutions; groups that stay the same stay resolved."""
    lock_groups()
    rows = list(Fingerprint.objects.order_by("pk").values_list("pk", "phash", "dhash"))
    before = dict(Fingerprint.objects.filter(group__isnull=False).values_list("pk", "group"))
    parts = [part for part in connected_parts(rows) if len(part) > 1]
    sizes = Counter(before.values())
    changed = [part for part in parts if not _is_same(part, before, sizes)]
    if not dry_run:
        grouped = {image for part in parts for image in part}
        _set_group([image for image in before if image not in grouped], None)
        for part in changed:
            _set_group(part, part[0])
    return RebuiltGroups(len(rows), len(parts), len(changed))


def _is_same(part: list[int], before: dict[int, int | None], sizes: Counter[int | None]) -> bool:
    groups = {before.get(image) for image in part}
    group = groups.pop()
    return not groups and group is not None and sizes[group] == len(part)


def count_duplicates(images: Iterable[int]) -> dict[int, int]:
    """How many other pictures of the pool and the garden look like each of these; those without any are missing."""
    groups = dict(Fingerprint.objects.filter(pk__in=list(images), group__isnull=False).values_list("pk", "group"))
    present = Fingerprint.objects.filter(group__in=set(groups.values()), image__state__in=CANDIDATES).order_by()
    sizes = dict(present.values_list("group").annotate(Count("pk")))
    shown = set(present.filter(pk__in=groups).values_list("pk", flat=True))
    found = {image: sizes.get(group, 0) - (image in shown) for image, group in groups.items()}
    return {image: count for image, count in found.items() if count > 0}
