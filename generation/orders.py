"""Pictures in bulk: several emotions and favorites, each as often as asked, counted before anything is made."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser

from garden.errors import RefusedError
from garden.storage.keys import POOL, InvalidKeyError, join_emotion, parse_key
from garden.vocabulary import Emotion, Orientation
from generation.backends import get_engine
from generation.engines.base import LETTERS, PAIR, PictureRequest, UnsupportedSizeError, orientation_of_size
from generation.jobs import WantedPicture, submit_named
from generation.models import GenerationJob, PromptTemplate
from generation.models.job import Priority
from generation.prompts.templates import Axis, Template, bulk_prompt, values_of
from generation.queue.progress import Estimate, Kind, estimate

MOST = 10_000
"""Pictures of one job: more are several jobs, each of which can be stopped."""


class BulkError(RefusedError):
    """An order that cannot be made as it is; `field` says which part of it."""

    code = "bad_bulk"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkOrder:
    """What somebody orders. A favorite is `cat`, `spring,cloudy,day` or empty; `sizes` are pixels by orientation.

    `words` are said instead of an emotion's name. With `rotate` the emotion's templates take turns, filled with the
    `values` of a favorite; those that are not given are read from its words.
    """

    emotions: tuple[Emotion, ...]
    words: Mapping[Emotion, str] = field(default_factory=dict)
    favorites: tuple[str, ...] = ("",)
    values: Mapping[str, Mapping[Axis, str]] = field(default_factory=dict)
    others: str = ""
    negative: str = ""
    sizes: Mapping[Orientation, tuple[int, int]] = field(default_factory=lambda: dict(PAIR))
    repeats: int = 1
    rotate: bool = False
    engine: str = ""
    model: str = ""
    priority: Priority = Priority.BULK

    @property
    def engine_name(self) -> str:
        return self.engine or str(settings.GENERATION_DEFAULT_ENGINE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """What one picture is asked with, and the record of the template it came from."""

    text: str
    negative: str
    template: int | None = None


class BulkPlan:
    """Every picture of an order, made when asked for: `len()` is exact and costs nothing.

    Each round makes every emotion with every favorite once, so a job that is stopped early is a balanced one.
    """

    def __init__(self, order: BulkOrder, templates: Mapping[Emotion, Sequence[Template]]) -> None:
        self.order, self._templates = order, templates
        self._orientations = list(order.sizes)

    def __len__(self) -> int:
        return self.order.repeats * len(self.order.emotions) * len(self.order.favorites) * len(self._orientations)

    def pictures(self, name: str) -> Iterator[WantedPicture]:
        """All of them in order; `name` is the beginning of each file's name."""
        return (self.picture(position, name) for position in range(len(self)))

    def picture(self, position: int, name: str) -> WantedPicture:
        index, place = divmod(position, len(self._orientations))
        rest, favorite_place = divmod(index, len(self.order.favorites))
        turn, emotion_place = divmod(rest, len(self.order.emotions))
        emotion, favorite = self.order.emotions[emotion_place], self.order.favorites[favorite_place]
        orientation = self._orientations[place]
        prompt = self._prompt(emotion, favorite, turn * len(self.order.favorites) + favorite_place)
        key = f"{pool_folder(emotion, favorite)}/{name}_{turn}{LETTERS[orientation]}.jpeg"
        width, height = self.order.sizes[orientation]
        request = PictureRequest(prompt.text, width, height, seed_of(key), prompt.negative, self.order.model)
        return WantedPicture(index, orientation, key, request, template=prompt.template)

    def kinds(self) -> dict[Kind, int]:
        """How many pictures of each engine, model and size."""
        each = len(self) // max(1, len(self._orientations))
        order = self.order
        return {Kind(order.engine_name, order.model, *size): each for size in order.sizes.values()}

    def _prompt(self, emotion: Emotion, favorite: str, turn: int) -> Prompt:
        word = self.order.words.get(emotion) or emotion.value
        templates = self._templates.get(emotion)
        if not templates:
            return Prompt(bulk_prompt(word, favorite, self.order.others), self.order.negative)
        template = templates[turn % len(templates)]
        filled = template.fill({**(self.order.values.get(favorite) or values_of(favorite)), Axis.EMOTION: word})
        never = dict.fromkeys(words.strip() for words in (template.negative, self.order.negative))
        return Prompt(bulk_prompt(filled, "", self.order.others), bulk_prompt(*never), template.record)


def plan_bulk(order: BulkOrder, most: float = MOST) -> BulkPlan:
    """Check an order and lay out its pictures.

    Raises BulkError, UnsupportedSizeError, TemplateError, or InvalidKeyError for a favorite that names no folder.
    """
    _check(order)
    templates = PromptTemplate.objects.active().of_emotions(order.emotions).by_emotion() if order.rotate else {}
    if missing := [emotion for emotion in order.emotions if order.rotate and emotion not in templates]:
        raise BulkError(f"There is no template in use for {', '.join(missing)}.", field="rotate")
    for template in (template for turns in templates.values() for template in turns):
        template.check()
    plan = BulkPlan(order, templates)
    if len(plan) > most:
        raise BulkError(f"{len(plan)} pictures are more than the {most} of one job.", field="repeats")
    return plan


def estimate_bulk(plan: BulkPlan) -> Estimate:
    return estimate(engine=plan.order.engine_name, kinds=plan.kinds(), priority=plan.order.priority)


def _check(order: BulkOrder) -> None:
    for name in ("emotions", "favorites"):
        if not getattr(order, name):
            raise BulkError(f"Choose at least one of the {name}.", field=name)
    if not order.sizes:
        raise BulkError("Choose a size for landscape, portrait or both.", field="landscape")
    if order.repeats < 1:
        raise BulkError("Each picture must be made once or more.", field="repeats")
    for favorite in order.favorites:
        parse_key(f"{pool_folder(order.emotions[0], favorite)}/img_0h.jpeg")
    limits = get_engine(order.engine_name).limits
    for orientation, (width, height) in order.sizes.items():
        try:
            limits.check(width, height)
        except UnsupportedSizeError as error:
            raise UnsupportedSizeError(error.detail, field=orientation.value) from error


ORDERED_HERE = "bulk-page:"
"""How the idempotency keys of orders begin."""
NAMED = 3
"""Emotions and favorites that a title spells out."""


class FormUsedError(RefusedError):
    """The token of an order belongs to an earlier, different one."""

    code = "form_used"
    status = 409

    def __init__(self, job: GenerationJob) -> None:
        super().__init__("These settings came from a form that was sent before, with others.", job=str(job.pk))
        self.job = job


def queue_bulk(*, order: BulkOrder, token: str, by: AbstractBaseUser, request: dict[str, Any]) -> GenerationJob:
    """Make the job of an order. The same token with the same `request` (plain JSON) answers the job that exists.

    Raises FormUsedError when the token was used for another one, and what `plan_bulk` raises.
    """
    plan = plan_bulk(order)
    described = {
        "title": title_of(order, len(plan)),
        "engine": order.engine_name,
        "owner": by,
        "priority": order.priority,
        "request_key": f"{ORDERED_HERE}{by.pk}:{token}",
        "request": request,
    }
    job = submit_named(plan.pictures, **described)
    if job.request != request:
        raise FormUsedError(job)
    return job


def title_of(order: BulkOrder, pictures: int) -> str:
    """`happy, calm · cat, bird · 24`."""
    favorites = [favorite for favorite in order.favorites if favorite]
    parts = (_named(order.emotions), _named(favorites), str(pictures))
    return " · ".join(part for part in parts if part)


def _named(names: Any) -> str:
    shown = ", ".join(names[:NAMED])
    return f"{shown} +{len(names) - NAMED}" if len(names) > NAMED else shown


SEEDS = 2**32


def pair_of(prompt: str, fname: str, index: int) -> Iterator[WantedPicture]:
    """A landscape and a portrait, as the seeds' bulk page asks for them. Raises InvalidKeyError."""
    if parse_key(f"{fname}_0h.jpeg").root != POOL:
        raise InvalidKeyError(f"fname must begin with {POOL}/, not {fname!r}.", field="fname")
    for orientation, (width, height) in PAIR.items():
        key = f"{fname}_{index}{LETTERS[orientation]}.jpeg"
        yield WantedPicture(index, orientation, key, PictureRequest(prompt, width, height, seed_of(key)))


def single_pictures(request: PictureRequest, count: int, name: str) -> list[WantedPicture]:
    """`count` pictures of one prompt, named as the seeds named them, each with a seed of its own."""
    orientation = orientation_of_size(request.width, request.height)
    seeds = (replace(request, seed=(request.seed + index) % SEEDS) for index in range(count))
    return [
        WantedPicture(index, orientation, f"{POOL}/{name}_{index}.jpeg", seeded) for index, seeded in enumerate(seeds)
    ]


def pool_folder(emotion: str, favorite: str) -> str:
    return f"{POOL}/{join_emotion(emotion, favorite)}"


def seed_of(text: str) -> int:
    """The same text, the same seed: a picture asked for again is the same picture."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
