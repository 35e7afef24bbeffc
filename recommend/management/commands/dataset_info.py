"""Count the datasets' rows, and list what Personalize would refuse."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Length

from garden.models import Image, Visitor
from garden.vocabulary import Emotion
from recommend.datasets.schema import EVENT_TYPES, INTERACTIONS, ITEMS, USERS
from recommend.models import Interaction

INTERACTIONS_NEEDED = 1_000
USERS_NEEDED = 25
EACH_NEEDED = 2
ID_LONGEST = 256
"""Amazon Personalize, "Quotas and limits": the least to train with, the longest identifier."""


@dataclass(frozen=True, slots=True)
class DatasetCoverage:
    """Of one emotion: pictures that serve, those shown at least once, those liked, and likes."""

    emotion: str
    pictures: int
    shown: int
    liked: int
    likes: int


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """Counts, the time of the first and last interaction, coverage, and what Personalize would refuse."""

    users: int
    items: int
    interactions: int
    first: datetime | None
    last: datetime | None
    active_users: int
    coverage: tuple[DatasetCoverage, ...]
    refusals: tuple[str, ...]


def gather_facts() -> DatasetFacts:
    likes = INTERACTIONS.source().order_by()
    times = likes.aggregate(first=Min("created_at"), last=Max("created_at"))
    active = likes.values("visitor").annotate(count=Count("pk")).filter(count__gte=EACH_NEEDED).count()
    total = likes.count()
    return DatasetFacts(
        users=USERS.count(),
        items=ITEMS.count(),
        interactions=total,
        first=times["first"],
        last=times["last"],
        active_users=active,
        coverage=tuple(_coverage()),
        refusals=tuple(_refusals(total, active)),
    )


def _coverage() -> Iterator[DatasetCoverage]:
    """Two queries for all emotions; pictures that were shown are those of the like-rates."""
    serving = Image.objects.serving()
    shown = Q(rates__shown__gt=0)
    counted = serving.values("emotion").annotate(
        pictures=Count("pk", distinct=True),
        seen=Count("pk", distinct=True, filter=shown),
        liked=Count("pk", distinct=True, filter=Q(rates__liked__gt=0)),
    )
    found: dict[str, Any] = {row["emotion"]: row for row in counted}
    liked = Interaction.objects.filter(kind=Interaction.Kind.LIKE).values_list("image__emotion")
    likes = dict(liked.annotate(likes=Count("pk")))
    for emotion in Emotion:
        row = found.get(emotion, {"pictures": 0, "seen": 0, "liked": 0})
        yield DatasetCoverage(emotion.value, row["pictures"], row["seen"], row["liked"], likes.get(emotion, 0))


def _refusals(interactions: int, active: int) -> Iterator[str]:
    if interactions < INTERACTIONS_NEEDED:
        yield f"{interactions} interactions; Personalize needs {INTERACTIONS_NEEDED:,}"
    if active < USERS_NEEDED:
        yield f"{active} users with {EACH_NEEDED} interactions or more; Personalize needs {USERS_NEEDED}"
    for name, rows, field in (
        ("USER_ID", Visitor.objects.all(), "pk"),
        ("ITEM_ID", ITEMS.source(), "key"),
        ("ITEM_ID of an interaction", INTERACTIONS.source(), "item_key"),
    ):
        long = rows.order_by().annotate(length=Length(field)).filter(length__gt=ID_LONGEST).count()
        if long:
            yield f"{long} rows whose {name} has more than {ID_LONGEST} characters"
    unknown = INTERACTIONS.source().filter(image__isnull=True).count()
    if unknown:
        yield f"{unknown} interactions with pictures that are not among the items (they are trained on, never shown)"
    nameless = Interaction.objects.filter(visitor__isnull=True, kind__in=EVENT_TYPES).count()
    if nameless:
        yield f"{nameless} interactions of deleted visitors, which are left out"
    bare = Visitor.objects.filter(generation="", gender="", emotion="").count()
    if bare:
        yield f"{bare} users without any attribute (null metadata)"


class Command(BaseCommand):
    help = (
        "Count users, items and interactions, by emotion and over time, and list what Amazon Personalize would refuse "
        "or leave out, and why."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        facts = gather_facts()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(facts), indent=2, default=str, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_lines(facts)))


def _lines(facts: DatasetFacts) -> Iterator[str]:
    yield f"users {facts.users:,} ({facts.active_users:,} with two interactions or more)"
    yield f"items {facts.items:,}"
    yield f"interactions {facts.interactions:,}"
    if facts.first and facts.last:
        yield f"from {facts.first:%Y-%m-%d %H:%M} to {facts.last:%Y-%m-%d %H:%M} (UTC)"
    yield ""
    yield f"{'emotion':<12}{'pictures':>10}{'shown':>10}{'liked':>10}{'likes':>10}"
    for row in facts.coverage:
        yield f"{row.emotion:<12}{row.pictures:>10,}{row.shown:>10,}{row.liked:>10,}{row.likes:>10,}"
    yield ""
    yield "Personalize would accept everything." if not facts.refusals else "Personalize would refuse or leave out:"
    yield from (f"  {refusal}" for refusal in facts.refusals)
