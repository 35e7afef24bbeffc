"""Interactions of the past, from another system or another site, joining the ledger."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from garden.models import Image
from recommend.models import ImageRate, Interaction, Kind, Ledger
from recommend.services.likes import PSEUDONYM_BITS
from recommend.services.looks import NO_PLACE


@transaction.atomic
def append_interactions(*, interactions: Sequence[Interaction]) -> None:
    """Save interactions, oldest first, at the ledger's end; each is a look of its own.

    They say what was `exposed` and what came of it; their numbers, pseudonyms, hours and looks are filled in.
    """
    places = _places(interactions)
    pseudonyms = _pseudonyms(interactions)
    ImageRate.objects.all().apply([change for said in interactions for change in said.rate_changes()])
    for said, sequence in zip(interactions, Ledger.objects.take(len(interactions)), strict=True):
        said.sequence = sequence
        said.pseudonym = pseudonyms.get(said.visitor_id) or secrets.randbits(PSEUDONYM_BITS)
        said.hour = timezone.localtime(said.created_at).hour
        said.looks = _looks(said, places)
    Interaction.objects.bulk_create(interactions)


def _places(interactions: Sequence[Interaction]) -> dict[str, int]:
    """Image ids by the keys of all impressions."""
    keys = {key for said in interactions for key in said.impression}
    return dict(Image.objects.filter(key__in=keys).values_list("key", "id"))


def _pseudonyms(interactions: Sequence[Interaction]) -> dict[str | None, int]:
    visitors = {said.visitor_id for said in interactions if said.visitor_id is not None}
    said_before = Interaction.objects.filter(visitor__in=visitors).values_list("visitor_id", "pseudonym")
    return {**{visitor: secrets.randbits(PSEUDONYM_BITS) for visitor in visitors}, **dict(said_before)}


def _looks(said: Interaction, ids: dict[str, int]) -> list[dict[str, Any]]:
    places = {ids[key]: place for place, key in reversed(list(enumerate(said.impression))) if key in ids}
    liked = [said.image_id] if said.kind == Kind.LIKE and said.image_id is not None else []
    images = list(dict.fromkeys([*said.exposed, *liked]))
    positions = [places.get(image, NO_PLACE) for image in images]
    return [{"look": said.sequence, "images": images, "positions": positions, "liked": liked}] if images else []
