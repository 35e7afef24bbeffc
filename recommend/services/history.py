"""Interactions imported from another system or site, and like-rates recomputed from all."""

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from garden.models import Image
from recommend.models import ImageRate, Interaction, Kind, Ledger
from recommend.services.likes import NO_PLACE, PSEUDONYM_BITS


@transaction.atomic
def append_interactions(*, interactions: Sequence[Interaction]) -> None:
    """Save interactions, oldest first, at the ledger's end; each is an impression of its own.

    Their numbers, pseudonyms, hours and impressions are filled in here.
    """
    places = _places(interactions)
    pseudonyms = _pseudonyms(interactions)
    ImageRate.objects.all().apply([change for interaction in interactions for change in interaction.rate_changes()])
    for interaction, sequence in zip(interactions, Ledger.objects.take(len(interactions)), strict=True):
        interaction.sequence = sequence
        interaction.pseudonym = pseudonyms.get(interaction.visitor_id) or secrets.randbits(PSEUDONYM_BITS)
        interaction.hour = timezone.localtime(interaction.created_at).hour
        interaction.impressions = _impressions(interaction, places)
    Interaction.objects.bulk_create(interactions)


def _places(interactions: Sequence[Interaction]) -> dict[str, int]:
    """Image ids by the keys of all impressions."""
    keys = {key for interaction in interactions for key in interaction.impression}
    return dict(Image.objects.filter(key__in=keys).values_list("key", "id"))


def _pseudonyms(interactions: Sequence[Interaction]) -> dict[str | None, int]:
    visitors = {interaction.visitor_id for interaction in interactions if interaction.visitor_id is not None}
    known = Interaction.objects.filter(visitor__in=visitors).values_list("visitor_id", "pseudonym")
    return {**{visitor: secrets.randbits(PSEUDONYM_BITS) for visitor in visitors}, **dict(known)}


def _impressions(interaction: Interaction, ids: dict[str, int]) -> list[dict[str, Any]]:
    places = {ids[key]: place for place, key in reversed(list(enumerate(interaction.impression))) if key in ids}
    liked = [interaction.image_id] if interaction.kind == Kind.LIKE and interaction.image_id is not None else []
    images = list(dict.fromkeys([*interaction.exposed, *liked]))
    positions = [places.get(image, NO_PLACE) for image in images]
    return [{"id": interaction.sequence, "images": images, "positions": positions, "liked": liked}] if images else []


Key = tuple[int, str]
_BATCH = 500


@dataclass(frozen=True, slots=True)
class RebuiltRates:
    """How many interactions were counted, and how many (image, group) counts they disagreed with."""

    interactions: int
    differences: int


@transaction.atomic
def rebuild_rates(*, interactions: Iterable[Interaction] | None = None, dry_run: bool = False) -> RebuiltRates:
    """Set every ImageRate to the sum of the interactions; `dry_run` only compares.

    Likes that arrive meanwhile wait, so that each is counted once. `interactions` may wrap
    `all_interactions()`, to show progress.
    """
    _hold_off_writers()
    shown, liked = Counter[Key](), Counter[Key]()
    total = 0
    for interaction in interactions or all_interactions():
        total += 1
        for change in interaction.rate_changes():
            shown[change.image, change.group] += change.shown
            liked[change.image, change.group] += change.liked
    differences = _differences(shown, liked)
    if not dry_run:
        _write(differences)
    return RebuiltRates(total, len(differences))


def all_interactions() -> Iterable[Interaction]:
    return Interaction.objects.feedback().order_by("sequence").iterator(chunk_size=2_000)


def _hold_off_writers() -> None:
    """SQLite's transaction does so already; on PostgreSQL readers continue and writers wait."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(ImageRate._meta.db_table)} IN EXCLUSIVE MODE")


def _differences(shown: Counter[Key], liked: Counter[Key]) -> dict[Key, tuple[int, int]]:
    """Counts to change by (image, group). Rows without views become zero; deleted images have no row."""
    rows = ImageRate.objects.values_list("image_id", "group", "shown", "liked").iterator()
    stored = {(image, group): (views, likes) for image, group, views, likes in rows}
    images = set(Image.objects.values_list("id", flat=True).iterator())
    due = {key: (shown[key], liked[key]) for key in {*shown, *liked, *stored} if key[0] in images}
    return {key: counts for key, counts in due.items() if stored.get(key, (0, 0)) != counts}


def _write(differences: dict[Key, tuple[int, int]]) -> None:
    """Overwrite, with a new time, which other processes look for."""
    now = timezone.now()
    rates = [
        ImageRate(image_id=image, group=group, shown=shown, liked=liked, updated_at=now)
        for (image, group), (shown, liked) in sorted(differences.items())
    ]
    ImageRate.objects.bulk_create(
        rates,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["image", "group"],
        update_fields=["shown", "liked", "updated_at"],
    )
