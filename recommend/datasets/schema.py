"""Rows of the three datasets, in Personalize's columns (shared API: USERS, ITEMS, INTERACTIONS).

Rules for rows, and the errors of invalid ones.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from garden.errors import GardenError
from garden.models import Image, Visitor
from garden.models.visitor import ID_MAX_LENGTH
from garden.storage.keys import MAX_LENGTH, parse_key, split_emotion
from garden.vocabulary import Emotion, Gender, Generation
from recommend.models import Interaction, Kind

IMPRESSION_MAX_LENGTH = 1_000
SEPARATOR = "|"
EVENT_TYPES = {Kind.LIKE: "click", Kind.DISLIKE: "dislike"}
_CHUNK = 2_000
Cells = Mapping[str, Any]
"""A row of a file by column."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Its name (and folder), columns, rows of the database and cells of a row."""

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


def _interaction(interaction: Interaction) -> tuple[str, ...]:
    seconds, kind = str(int(interaction.created_at.timestamp())), EVENT_TYPES[Kind(interaction.kind)]
    return (
        interaction.visitor_id or "",
        interaction.item_key,
        seconds,
        kind,
        impression_cell(interaction.item_key, interaction.impression),
    )


def impression_cell(item: str, shown: Sequence[str]) -> str:
    """Keys joined by `|`, as many as fit into 1,000 characters, always with the item's own if it was shown.

    A key that contains the separator is left out.
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


MILLISECONDS_FROM = 10**11
"""A larger number counts milliseconds, as the seeds' tables do: as seconds it would be after the year 5138."""

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
UNKNOWN = "unknown"
"""The value of Rekognition and the seeds for an unknown attribute."""
KINDS = {"click": Kind.LIKE, "like": Kind.LIKE, "dislike": Kind.DISLIKE}


class RuleError(ValueError):
    """A field breaks a rule; the message is the rule."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.field, self.rule = field, rule


@dataclass(frozen=True, slots=True)
class UserRow:
    id: str
    generation: str
    gender: str
    emotion: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """`at` is the time of creation, and of publication for a published picture."""

    key: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class InteractionRow:
    user: str
    item: str
    at: datetime
    kind: Kind
    impression: tuple[str, ...]


Row = UserRow | ItemRow | InteractionRow


def user_row(cells: Cells) -> UserRow:
    return UserRow(
        _text(cells, "USER_ID", ID_MAX_LENGTH),
        _word(cells, "GENERATION", list(Generation)),
        _word(cells, "GENDER", list(Gender)),
        _word(cells, "EMOTION", list(Emotion)),
    )


def item_row(cells: Cells) -> ItemRow:
    key = _text(cells, "ITEM_ID", MAX_LENGTH)
    try:
        parts = parse_key(key)
    except GardenError as error:
        raise RuleError("ITEM_ID", error.detail) from error
    text = _optional(cells, "EMOTION").lower()
    if text not in ("", UNKNOWN) and parts.emotion and split_emotion(text)[0] != parts.emotion:
        raise RuleError("EMOTION", f"{text!r} is not the emotion of {key!r}")
    named = [name for name in ("CREATION_TIMESTAMP", "TIMESTAMP") if _optional(cells, name)]
    return ItemRow(key, _moment(cells, named[0]) if named else None)


def interaction_row(cells: Cells) -> InteractionRow:
    kind = KINDS.get(_optional(cells, "EVENT_TYPE") or "click")
    if kind is None:
        raise RuleError("EVENT_TYPE", f"{cells['EVENT_TYPE']!r} is not one of {', '.join(KINDS)}")
    return InteractionRow(
        _text(cells, "USER_ID", ID_MAX_LENGTH),
        _text(cells, "ITEM_ID", MAX_LENGTH),
        _moment(cells, "TIMESTAMP"),
        kind,
        _keys(cells, "IMPRESSION"),
    )


PARSERS: dict[str, Callable[[Cells], Row]] = {
    "users": user_row,
    "items": item_row,
    "interactions": interaction_row,
}


def dataset_of(columns: Sequence[str]) -> str:
    """Which dataset rows with these columns are of. Raises RuleError."""
    user, item = "USER_ID" in columns, "ITEM_ID" in columns
    if not (user or item):
        raise RuleError("header", f"neither USER_ID nor ITEM_ID is among {', '.join(map(str, columns)) or 'nothing'}")
    return "interactions" if user and item else "items" if item else "users"


def _optional(cells: Cells, field: str) -> str:
    value = cells.get(field)
    return "" if value is None else str(value)


def _text(cells: Cells, field: str, longest: int) -> str:
    value: Any = cells.get(field)
    if not isinstance(value, str) or not value:
        raise RuleError(field, "must not be empty")
    if len(value) > longest:
        raise RuleError(field, f"has more than {longest} characters")
    if "\0" in value:
        raise RuleError(field, "contains a NUL character")
    return value


def _word(cells: Cells, field: str, known: Sequence[str]) -> str:
    """A word of the vocabulary in any case; empty for an empty cell and for `unknown`."""
    text = _optional(cells, field)
    found = {word.lower(): str(word) for word in known}.get(text.lower(), "")
    if text.lower() not in ("", UNKNOWN) and not found:
        raise RuleError(field, f"{text!r} is not one of {', '.join(known)}")
    return found


def _moment(cells: Cells, field: str) -> datetime:
    text = _optional(cells, field)
    try:
        number = int(text)
        seconds = number / 1000 if number >= MILLISECONDS_FROM else number
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise RuleError(field, f"{text!r} is not a Unix time in seconds or milliseconds") from error
    if not EARLIEST <= moment <= timezone.now() + timedelta(days=1):
        raise RuleError(field, f"{text} is {moment:%Y-%m-%d}: before 2000 or in the future")
    return moment


def _keys(cells: Cells, field: str) -> tuple[str, ...]:
    """Joined by `|`, or a list as in DynamoDB."""
    text = cells.get(field)
    keys = text if isinstance(text, list) else _optional(cells, field).split(SEPARATOR)
    if not all(isinstance(key, str) and "\0" not in key for key in keys):
        raise RuleError(field, "contains something that is not a key")
    return tuple(key for key in keys if key)
