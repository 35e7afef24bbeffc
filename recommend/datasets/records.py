"""Rows of the three datasets, in Personalize's columns (shared API: USERS, ITEMS, INTERACTIONS)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from garden.models import Image, Visitor
from recommend.models import Interaction, Kind

IMPRESSION_MAX_LENGTH = 1_000
SEPARATOR = "|"
EVENT_TYPES = {Kind.LIKE: "click", Kind.DISLIKE: "dislike"}
_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Dataset:
    """Its name (and folder), its columns, the rows it is made of and a row's cells."""

    name: str
    columns: tuple[str, ...]
    source: Callable[[], QuerySet[Any]]
    cells: Callable[[Any], Sequence[str]]

    def count(self) -> int:
        return self.source().count()

    def rows(self) -> Iterator[Sequence[str]]:
        """Cells, one row of the database at a time."""
        return map(self.cells, self.source().iterator(chunk_size=_CHUNK))


def _user(visitor: Visitor) -> tuple[str, ...]:
    return visitor.id, visitor.generation, visitor.gender, visitor.emotion


def _item(image: Image) -> tuple[str, ...]:
    seconds = str(int((image.published_at or image.created_at).timestamp()))
    return image.key, seconds, seconds, image.emotion_path


def _interaction(said: Interaction) -> tuple[str, ...]:
    seconds, kind = str(int(said.created_at.timestamp())), EVENT_TYPES[Kind(said.kind)]
    return said.visitor_id or "", said.item_key, seconds, kind, impression_cell(said.item_key, said.impression)


def impression_cell(item: str, shown: Sequence[str]) -> str:
    """Keys joined by `|`, as many as fit into 1,000 characters; the item's own is always among those that were.

    A key that holds the separator cannot be told apart from two, and is left out.
    """
    fitting = [key for key in dict.fromkeys(shown) if 0 < len(key) <= IMPRESSION_MAX_LENGTH and SEPARATOR not in key]
    room = IMPRESSION_MAX_LENGTH - (len(item) + 1 if item in fitting else 0)
    kept = []
    for key in fitting:
        if key != item:
            room -= len(key) + 1
        if key == item or room >= -1:
            kept.append(key)
    return SEPARATOR.join(kept)


USERS = Dataset(
    "users",
    ("USER_ID", "GENERATION", "GENDER", "EMOTION"),
    lambda: Visitor.objects.order_by("pk"),
    _user,
)
ITEMS = Dataset(
    "items",
    ("ITEM_ID", "TIMESTAMP", "CREATION_TIMESTAMP", "EMOTION"),
    lambda: Image.objects.filter(published_at__isnull=False).order_by("pk"),
    _item,
)
INTERACTIONS = Dataset(
    "interactions",
    ("USER_ID", "ITEM_ID", "TIMESTAMP", "EVENT_TYPE", "IMPRESSION"),
    lambda: Interaction.objects.filter(visitor__isnull=False, kind__in=EVENT_TYPES).order_by("sequence"),
    _interaction,
)
DATASETS = (USERS, ITEMS, INTERACTIONS)
