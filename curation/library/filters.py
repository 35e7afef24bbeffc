"""Which pictures a list shows: one filter for the pages, the routes behind them and what is done to all of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any, Self
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from curation.library.search import matching
from curation.library.similarity import similar_images
from curation.models import Collection, Decision
from garden.api.fields import LARGEST_ID, RowIdField, StringField, StringUUIDField
from garden.errors import RefusedError
from garden.models import Image
from garden.models.image import ImageQuerySet
from garden.vocabulary import Emotion, Orientation
from generation.models import Slot
from recommend.models import ImageRate

ALL = "all"
"""Pictures of every state, but for originals: their published copies are there."""
UNDECIDED = "undecided"
NONE = "none"
"""The pictures without an emotion or without a favorite; an empty value means any."""
GROWN = ("grown", "liked", "ordered")
"""Grown for a visitor, also liked by one, or made by a curator's order or imported."""
VERDICTS = (UNDECIDED, "like", "dislike", "disputed")


class InvalidFilterError(RefusedError):
    """A filter that cannot be read."""

    code = "invalid_filter"


def id_in(value: str) -> int | None:
    """None where it is no number, or a larger one than any id."""
    if not (value.isascii() and value.isdecimal() and len(value) <= len(str(LARGEST_ID))):
        return None
    return found if (found := int(value)) <= LARGEST_ID else None


def ids_in(values: Iterable[str]) -> list[int]:
    """Of those that are ids, each once, in their order."""
    return list(dict.fromkeys(found for value in values if (found := id_in(value))))


def at_places(places: Iterable[str]) -> Q:
    """On images: a place is a key, or a folder such as `imgPool/calm`."""
    return reduce(or_, (Q(key=place) | Q(key__startswith=f"{place.rstrip('/')}/") for place in places), Q())


@extend_schema_field({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]})
class MomentField(StringField):
    """A moment; of a day in the site's time its first one, or with `days` the first one of a day after it."""

    def __init__(self, days: int = 0, **options: Any) -> None:
        self._after = timedelta(days=days)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        try:
            day = date.fromisoformat(value) if len(value) == len("2026-11-21") else None
            read = datetime.combine(day + self._after, time()) if day else datetime.fromisoformat(value)
            return (read if timezone.is_aware(read) else timezone.make_aware(read)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise serializers.ValidationError(f"{value[:40]!r} is no date (2026-11-21).") from None


def _text(max_length: int, help_text: str | None = None) -> StringField:
    return StringField(
        required=False, allow_blank=True, max_length=max_length, trim_whitespace=False, help_text=help_text
    )


class FilterSerializer(serializers.Serializer[Any]):
    """Of the lists of pictures, and of what is done to all that a list shows."""

    state = serializers.ChoiceField(choices=[*Image.State.values, ALL], default=Image.State.POOL)
    verdict = serializers.ChoiceField(choices=VERDICTS, required=False)
    emotion = serializers.ChoiceField(choices=[NONE, *[str(emotion) for emotion in Emotion]], required=False)
    favorite = _text(255, "`none` for those without one.")
    orientation = serializers.ChoiceField(choices=[str(orientation) for orientation in Orientation], required=False)
    job = StringUUIDField(required=False)
    model = _text(255)
    template = RowIdField(required=False)
    since = MomentField(required=False, help_text="A day, or a moment.")
    until = MomentField(days=1, required=False, help_text="A day (which is included), or a moment.")
    curator = RowIdField(required=False, help_text="Who has voted on it.")
    trash_reason = serializers.ChoiceField(
        choices=Image.TrashReason.values, required=False, help_text="Of the trash: why it was removed."
    )
    q = _text(200, "Words of the prompt, the favorite or the key, or how they begin.")
    like = RowIdField(required=False, help_text="An image: the pictures that are like it, the most similar first.")
    collection = RowIdField(required=False)
    grown = serializers.ChoiceField(
        choices=GROWN, required=False, help_text="`liked`: grown for a visitor who liked it; `ordered`: not grown."
    )
    start = RowIdField(required=False, help_text="The id of the first picture.")
    end = RowIdField(required=False, help_text="The id of the last picture.")


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
    like: int | None = None
    collection: int | None = None
    grown: str = ""
    start: int | None = None
    end: int | None = None
    trash_reason: str = ""

    @classmethod
    def from_query(cls, params: Mapping[str, Any]) -> Self:
        """Read query parameters; others than the filter's are not looked at. Raises InvalidFilterError."""
        given = FilterSerializer(data={name: str(params[name]) for name in _NAMES if params.get(name)})
        if not given.is_valid():
            field, problems = next(iter(given.errors.items()))
            raise InvalidFilterError(f"{field}: {problems[0]}", field=field)
        return cls(**given.validated_data)

    @classmethod
    def from_json(cls, given: Any) -> Self:
        """Read an object that says what to act on: a field that is no filter is refused, never overlooked."""
        if not isinstance(given, Mapping):
            raise InvalidFilterError("filter is not an object.", field="filter")
        for name in given:
            if name not in _NAMES:
                raise InvalidFilterError(f"{name!r} is not one of {', '.join(_NAMES)}.", field=str(name))
        return cls.from_query(given)

    def apply(self, images: ImageQuerySet) -> ImageQuerySet:
        """The images that fit, in no order yet."""
        return images.filter(self._indexed(), self._bounds(), *self._narrow())

    @property
    def is_narrow(self) -> bool:
        """Whether matches may lie so far apart that no index leads from one to the next."""
        if self.state == ALL and not (self.q or self.job or self.like or self.collection):
            return True
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
        if self.state == ALL:
            del chosen["state"]
        condition = Q(**{name: named_empty.get(value, value) for name, value in chosen.items() if value})
        if self.state == ALL:
            condition &= ~Q(state=Image.State.PUBLISHED)
        if self.job:
            condition &= _by_job(self)
        if self.collection:
            condition &= Q(pk__in=Collection.images.through.objects.filter(collection=self.collection).values("image"))
        if self.like:
            condition &= Q(pk__in=similar_images(self.like))
        return condition & Q(matching(self.q)) if self.q else condition

    def _bounds(self) -> Q:
        bounds = {"pk__lte": self.start, "pk__gte": self.end}
        return Q(**{name: value for name, value in bounds.items() if value is not None})

    def _narrow(self) -> list[Any]:
        return [make(self) for field, make in _NARROW.items() if getattr(self, field)]


_NAMES = tuple(field.name for field in fields(ImageFilter))


def _by_grown(filters: ImageFilter) -> Q:
    condition = Q(grown_at__isnull=filters.grown == "ordered")
    if filters.grown == "liked":
        condition &= Q(Exists(ImageRate.objects.filter(image=OuterRef("pk"), liked__gt=0)))
    return condition


def _by_template(filters: ImageFilter) -> Q:
    """A published picture is a copy: it is its original that was made from the template."""
    slots = Slot.objects.filter(template=filters.template)
    by_field = [Q(Exists(slots.filter(image=OuterRef(field)))) for field in _made_as(filters.state)]
    return reduce(or_, by_field)


def _by_job(filters: ImageFilter) -> Q:
    made = Slot.objects.filter(job=filters.job, image__isnull=False).values("image")
    return reduce(or_, [Q(**{f"{field}__in": made}) for field in _made_as(filters.state)])


def _made_as(state: str) -> tuple[str, ...]:
    """Which fields of an image of this state name the image that its slot made."""
    if state in (Image.State.TRASH, ALL):
        return "pk", "published_from"
    return ("published_from",) if state in (Image.State.SERVING, Image.State.SHELVED) else ("pk",)


_NARROW: dict[str, Callable[[ImageFilter], Any]] = {
    "favorite": lambda filters: Q(favorite="" if filters.favorite == NONE else filters.favorite),
    "model": lambda filters: Q(model=filters.model),
    "template": _by_template,
    "grown": _by_grown,
    "since": lambda filters: Q(created_at__gte=filters.since),
    "until": lambda filters: Q(created_at__lt=filters.until),
    "curator": lambda filters: Exists(Decision.objects.current().filter(image=OuterRef("pk"), curator=filters.curator)),
    "trash_reason": lambda filters: Q(trash_reason=filters.trash_reason),
}
