"""Which pictures a list shows: one filter for the pages, the routes behind them and what is done to all of it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any, Self
from uuid import UUID

from django.db.models import BigIntegerField, Exists, OuterRef, Q
from django.urls.converters import IntConverter
from django.utils import timezone

from curation.models import Vote
from garden.errors import RefusedError
from garden.models import Image
from garden.models.image import ImageQuerySet
from garden.vocabulary import Emotion, Orientation
from generation.models import Slot

LARGEST_ID = BigIntegerField.MAX_BIGINT
UNDECIDED = "undecided"
NONE = "none"
"""The pictures without an emotion or without a favorite; an empty value means any."""

Read = Callable[[str, str], Any]


class InvalidFilterError(RefusedError):
    """A filter that cannot be read."""

    code = "invalid_filter"


def one_of(*choices: str) -> Read:
    def read(field: str, value: str) -> str:
        if value not in choices:
            raise InvalidFilterError(f"{field}: {value!r} is not one of {', '.join(choices)}.", field=field)
        return value

    return read


def text(longest: int) -> Read:
    def read(field: str, value: str) -> str:
        if len(value) > longest or "\0" in value:  # PostgreSQL refuses to look for a NUL.
            raise InvalidFilterError(f"{field}: at most {longest} printable characters.", field=field)
        return value

    return read


def id_in(value: str) -> int | None:
    """None where it is no number, or a larger one than any id."""
    if not (value.isascii() and value.isdecimal() and len(value) <= len(str(LARGEST_ID))):
        return None
    return found if (found := int(value)) <= LARGEST_ID else None


class IdConverter(IntConverter):
    """`<id:…>` in a route: a path with a larger number fits no route."""

    def to_python(self, value: str) -> int:
        found = id_in(value)
        if found is None:
            raise ValueError
        return found


def number(field: str, value: str) -> int:
    found = id_in(value)
    if found is None:
        raise InvalidFilterError(f"{field}: {value[:40]!r} is not a number.", field=field)
    return found


def unique_id(field: str, value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise InvalidFilterError(f"{field}: {value[:40]!r} is not a UUID.", field=field) from None


def since(field: str, value: str) -> datetime:
    """A moment, or the first one of a day in the site's time."""
    return _read_time(field, value, timedelta(0))


def until(field: str, value: str) -> datetime:
    """A moment, or the first one after a day in the site's time: a day asked for is a day shown."""
    return _read_time(field, value, timedelta(days=1))


def _read_time(field: str, value: str, after_day: timedelta) -> datetime:
    try:
        day = date.fromisoformat(value) if len(value) == len("2026-11-21") else None
        read = datetime.combine(day + after_day, time()) if day else datetime.fromisoformat(value)
        return (read if timezone.is_aware(read) else timezone.make_aware(read)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidFilterError(f"{field}: {value[:40]!r} is no date (2026-11-21).", field=field) from None


__all__ = ["NONE", "UNDECIDED", "ImageFilter", "InvalidFilterError"]

VERDICTS = (UNDECIDED, "like", "dislike", "disputed")
_READERS: dict[str, Read] = {
    "state": one_of(*Image.State.values),
    "verdict": one_of(*VERDICTS),
    "emotion": one_of(NONE, *Emotion),
    "favorite": text(255),
    "orientation": one_of(*Orientation),
    "job": unique_id,
    "model": text(255),
    "template": number,
    "since": since,
    "until": until,
    "curator": number,
    "q": text(200),
    "start": number,
    "end": number,
    "trash_reason": one_of(*Image.TrashReason.values),
}


@dataclass(frozen=True, slots=True)
class ImageFilter:
    """Empty means any. `start` and `end` are image ids, both included: lists run from the newest to the oldest."""

    state: str = Image.State.POOL
    verdict: str = ""
    emotion: str = ""
    favorite: str = ""
    orientation: str = ""
    job: UUID | None = None
    model: str = ""
    template: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    curator: int | None = None
    q: str = ""
    start: int | None = None
    end: int | None = None
    trash_reason: str = ""

    @classmethod
    def from_query(cls, params: Mapping[str, Any]) -> Self:
        """Read query parameters; others than the filter's are not looked at. Raises InvalidFilterError."""
        return cls(**{name: read(name, str(params[name])) for name, read in _READERS.items() if params.get(name)})

    @classmethod
    def from_json(cls, given: Any) -> Self:
        """Read an object that says what to operation on: a field that is no filter is refused, never overlooked."""
        if not isinstance(given, Mapping):
            raise InvalidFilterError("filter is not an object.", field="filter")
        for name in given:
            if name not in _READERS:
                raise InvalidFilterError(f"{name!r} is not one of {', '.join(_READERS)}.", field=str(name))
        return cls.from_query(given)

    def apply(self, images: ImageQuerySet) -> ImageQuerySet:
        """The images that fit, in no order yet."""
        return images.filter(self._indexed(), self._bounds(), *self._narrow())

    @property
    def is_narrow(self) -> bool:
        """Whether matches may lie so far apart that no index leads from one to the next."""
        return bool(self._narrow())

    def without_narrow(self) -> Self:
        """The part of it that an index answers."""
        return replace(self, **{field: getattr(type(self)(), field) for field in _NARROW})

    def as_query(self) -> dict[str, str]:
        """What `from_query` reads back: only what differs from an empty filter, and the state."""
        chosen = {name: str(value) for name, value in asdict(self).items() if value not in ("", None)}
        return {"state": self.state, **chosen}

    def _indexed(self) -> Q:
        named_empty = {UNDECIDED: "", NONE: ""}
        chosen = {name: getattr(self, name) for name in ("state", "verdict", "emotion", "orientation")}
        wanted = Q(**{name: named_empty.get(value, value) for name, value in chosen.items() if value})
        return wanted & _by_job(self) if self.job else wanted

    def _bounds(self) -> Q:
        bounds = {"pk__lte": self.start, "pk__gte": self.end}
        return Q(**{name: value for name, value in bounds.items() if value is not None})

    def _narrow(self) -> list[Any]:
        return [make(self) for field, make in _NARROW.items() if getattr(self, field)]


def _by_curator(wanted: ImageFilter) -> Exists:
    return Exists(Vote.objects.filter(image=OuterRef("pk"), curator=wanted.curator))


def _by_template(wanted: ImageFilter) -> Q:
    """A published picture is a copy: it is its original that was made from the template."""
    slots = Slot.objects.filter(template=wanted.template)
    by_field = [Q(Exists(slots.filter(image=OuterRef(field)))) for field in _made_as(wanted.state)]
    return reduce(or_, by_field)


def _by_job(wanted: ImageFilter) -> Q:
    made = Slot.objects.filter(job=wanted.job, image__isnull=False).values("image")
    return reduce(or_, [Q(**{f"{field}__in": made}) for field in _made_as(wanted.state)])


def _made_as(state: str) -> tuple[str, ...]:
    """Which fields of an image of this state name the image that its slot made."""
    if state == Image.State.TRASH:
        return "pk", "published_from"
    return ("published_from",) if state in (Image.State.SERVING, Image.State.SHELVED) else ("pk",)


_NARROW: dict[str, Callable[[ImageFilter], Any]] = {
    "favorite": lambda wanted: Q(favorite="" if wanted.favorite == NONE else wanted.favorite),
    "model": lambda wanted: Q(model=wanted.model),
    "template": _by_template,
    "since": lambda wanted: Q(created_at__gte=wanted.since),
    "until": lambda wanted: Q(created_at__lt=wanted.until),
    "curator": _by_curator,
    "trash_reason": lambda wanted: Q(trash_reason=wanted.trash_reason),
    "q": lambda wanted: Q(prompt__icontains=wanted.q) | Q(key__icontains=wanted.q),
}
