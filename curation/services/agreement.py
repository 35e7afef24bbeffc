"""How far curators agree beyond chance, where several voted on the same pictures."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, F

from curation.models import Vote
from curation.models.vote import VERDICTS
from garden.models import Image

LIKE = Image.Verdict.LIKE.value


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of two curators: pictures both voted on, share they agree on (0–1), Cohen's kappa (None: one verdict only)."""

    first: int
    second: int
    pictures: int
    share: float
    kappa: float | None


def agreement() -> list[Agreement]:
    """Every pair of curators that voted on the same pictures; settling votes count as any other."""
    tables: dict[tuple[int, int], dict[tuple[str, str], int]] = defaultdict(dict)
    verdicts = [verdict for verdict, _label in VERDICTS]
    both = Vote.objects.with_verdict().filter(
        image__votes__curator__gt=F("curator"), image__votes__verdict__in=verdicts
    )
    pairs = both.values_list("curator", "image__votes__curator", "verdict", "image__votes__verdict")
    for first, second, one, other, pictures in pairs.annotate(pictures=Count("pk")).order_by():
        tables[first, second][one, other] = pictures
    return [_measure(first, second, table) for (first, second), table in sorted(tables.items())]


def _measure(first: int, second: int, table: dict[tuple[str, str], int]) -> Agreement:
    pictures = sum(table.values())
    share = sum(count for (one, other), count in table.items() if one == other) / pictures
    first_likes = sum(count for (one, _), count in table.items() if one == LIKE) / pictures
    second_likes = sum(count for (_, other), count in table.items() if other == LIKE) / pictures
    chance = first_likes * second_likes + (1 - first_likes) * (1 - second_likes)
    kappa = (share - chance) / (1 - chance) if chance < 1 else None
    return Agreement(first, second, pictures, share, kappa)
