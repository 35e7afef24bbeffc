"""Bulk orders: emotions and favorites, expanded to pictures that are counted before anything is queued."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import inf
from typing import Any, Literal

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser

from garden.errors import RefusedError
from garden.storage.keys import POOL, InvalidKeyError, join_emotion, parse_key
from garden.vocabulary import Emotion, Orientation
from generation.backends import get_engine
from generation.engines.base import LETTERS, PAIR, PictureRequest, UnsupportedSizeError, orientation_of_size
from generation.jobs import SlotSpec, submit_named
from generation.models import GenerationJob, PromptTemplate, Slot
from generation.models.job import Priority
from generation.prompts.templates import Axis, Template, bulk_prompt, values_of
from generation.queue.progress import TimeEstimate, estimate

MAX_PICTURES = 10_000
"""Largest number of pictures in a job."""


class BulkError(RefusedError):
    """An invalid order; `field` names the invalid part."""

    code = "bad_bulk"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkOrder:
    """A favorite is `cat`, `spring,cloudy,day` or empty; `sizes` are pixels by orientation.

    `words` replace an emotion's name in the prompt. With `rotate` the emotion's templates are rotated, filled with the
    `values` of a favorite; missing values are read from the favorite's words. The emotion "" makes pictures without an
    emotion. `without` are combinations that are left out. Pictures have consecutive seeds, from `seed`, or from
    one that derives from folder and name. `steps` and `guidance_scale`: None is the model's default.
    """

    emotions: tuple[Emotion | Literal[""], ...]
    words: Mapping[Emotion, str] = field(default_factory=dict)
    favorites: tuple[str, ...] = ("",)
    values: Mapping[str, Mapping[Axis, str]] = field(default_factory=dict)
    others: str = ""
    negative: str = ""
    sizes: Mapping[Orientation, tuple[int, int]] = field(default_factory=lambda: dict(PAIR))
    without: frozenset[tuple[str, str]] = frozenset()
    repeats: int = 1
    rotate: bool = False
    steps: int | None = None
    guidance_scale: float | None = None
    seed: int | None = None
    engine: str = ""
    model: str = ""
    priority: Priority = Priority.BULK

    @property
    def engine_name(self) -> str:
        return self.engine or str(settings.GENERATION_DEFAULT_ENGINE)


class BulkPlan:
    """Expands an order to pictures on demand; `len()` is exact and cheap.

    Each repeat covers every emotion with every favorite once, so that a job stopped early is balanced.
    """

    def __init__(self, order: BulkOrder, templates: Mapping[Emotion, Sequence[Template]]) -> None:
        self.order, self._templates = order, templates
        self._orientations = list(order.sizes)
        self._turns = {favorite: turn for turn, favorite in enumerate(order.favorites)}
        pairs = product(order.emotions, order.favorites)
        self.combinations = [pair for pair in pairs if pair not in order.without]

    def __len__(self) -> int:
        return self.order.repeats * len(self.combinations) * len(self._orientations)

    def pictures(self, name: str) -> Iterator[SlotSpec]:
        """All pictures in order; `name` is the prefix of each file name."""
        return (self.picture(position, name) for position in range(len(self)))

    def picture(self, position: int, name: str) -> SlotSpec:
        order = self.order
        index, place = divmod(position, len(self._orientations))
        repeat, combination = divmod(index, len(self.combinations))
        emotion, favorite = self.combinations[combination]
        orientation = self._orientations[place]
        prompt = self._prompt(emotion, favorite, repeat * len(order.favorites) + self._turns[favorite])
        number = repeat if emotion else index
        folder, turn = folder_of(emotion, favorite), number * len(self._orientations) + place
        key = f"{folder}/{name}_{number}{LETTERS[orientation]}.jpeg"
        width, height = order.sizes[orientation]
        request = PictureRequest(
            prompt=prompt.text,
            width=width,
            height=height,
            seed=(order.seed + index if order.seed is not None else seed_of(f"{folder}/{name}") + turn) % SEEDS,
            negative_prompt=prompt.negative,
            model=order.model,
            steps=order.steps,
            guidance_scale=order.guidance_scale,
        )
        return SlotSpec(index, orientation, key, request, template=prompt.record)

    def kinds(self) -> dict[str, int]:
        """Number of pictures by batch key."""
        order, each = self.order, len(self) // max(1, len(self._orientations))
        shared = {
            "engine": order.engine_name,
            "model": order.model,
            "steps": order.steps,
            "guidance_scale": order.guidance_scale,
        }
        slots = [Slot(width=width, height=height, **shared) for width, height in order.sizes.values()]
        return {slot.compute_batch_key(): each for slot in slots}

    def _prompt(self, emotion: Emotion | Literal[""], favorite: str, repeat: int) -> Template:
        word = (emotion and self.order.words.get(emotion)) or str(emotion)
        templates = self._templates.get(emotion) if emotion else None
        if not templates:
            return Template(bulk_prompt(word, favorite, self.order.others), self.order.negative)
        template = templates[repeat % len(templates)]
        filled = template.fill({**(self.order.values.get(favorite) or values_of(favorite)), Axis.EMOTION: word})
        negatives = dict.fromkeys(words.strip() for words in (template.negative, self.order.negative))
        return Template(bulk_prompt(filled, "", self.order.others), bulk_prompt(*negatives), template.record)


def plan_bulk(order: BulkOrder, most: float = MAX_PICTURES) -> BulkPlan:
    """Check an order and expand it.

    Raises BulkError, UnsupportedSizeError, TemplateError, or InvalidKeyError for a favorite that names no folder.
    """
    _check(order)
    templates = PromptTemplate.objects.active().of_emotions(order.emotions).by_emotion() if order.rotate else {}
    if order.rotate and "" in order.emotions:
        raise BulkError("Prompt templates belong to emotions: choose at least one.", field="emotions")
    if missing := [emotion for emotion in order.emotions if order.rotate and emotion not in templates]:
        raise BulkError(f"There is no enabled template for {', '.join(missing)}.", field="rotate")
    for template in (template for turns in templates.values() for template in turns):
        template.check()
    plan = BulkPlan(order, templates)
    if not plan.combinations:
        raise BulkError("Every combination is left out.", field="without")
    if len(plan) > most:
        raise BulkError(f"{len(plan)} pictures exceed the limit of {most} per job.", field="repeats")
    return plan


def estimate_bulk(plan: BulkPlan) -> TimeEstimate:
    return estimate(engine=plan.order.engine_name, kinds=plan.kinds(), priority=plan.order.priority)


def _check(order: BulkOrder) -> None:
    for name in ("emotions", "favorites"):
        if not getattr(order, name):
            raise BulkError(f"Choose at least one of the {name}.", field=name)
    if not order.sizes:
        raise BulkError("Choose a size for landscape, portrait or both.", field="landscape")
    if order.repeats < 1:
        raise BulkError("Repeats must be at least 1.", field="repeats")
    for favorite in order.favorites:
        parse_key(f"{folder_of(order.emotions[0], favorite)}/img_0h.jpeg")
    limits = get_engine(order.engine_name).limits
    for orientation, (width, height) in order.sizes.items():
        try:
            limits.check(width, height)
        except UnsupportedSizeError as error:
            raise UnsupportedSizeError(error.detail, field=orientation.value) from error


KEY_PREFIX, PREVIEW_PREFIX = "bulk-page:", "previews:"
"""Prefixes of the idempotency keys of orders and of their previews."""
TITLE_LETTERS = 60
"""Letters of a prompt in the title of an order without an emotion."""
NAMED = 3
"""Number of emotions and favorites that a title lists."""


class FormUsedError(RefusedError):
    """The token was used before for a different order."""

    code = "form_used"
    status = 409

    def __init__(self, job: GenerationJob) -> None:
        super().__init__("This form was already submitted with different settings.", job=str(job.pk))
        self.job = job


def queue_bulk(*, order: BulkOrder, token: str, by: AbstractBaseUser, request: dict[str, Any]) -> GenerationJob:
    """Submit the job of an order. The same token with the same `request` (plain JSON) returns the existing job.

    Raises FormUsedError when the token was used for a different request, and what `plan_bulk` raises.
    """
    plan = plan_bulk(order)
    return _submit(plan, range(len(plan)), key=f"{KEY_PREFIX}{by.pk}:{token}", by=by, request=request)


PREVIEWS = 4


def queue_previews(*, order: BulkOrder, token: str, by: AbstractBaseUser, request: dict[str, Any]) -> GenerationJob:
    """Submit a few pictures of an order before bulk jobs, of different combinations if it has several.

    Raises what `queue_bulk` raises.
    """
    sizes = dict(list(order.sizes.items())[:1])
    plan = plan_bulk(replace(order, sizes=sizes, repeats=PREVIEWS, priority=Priority.SINGLE), most=inf)
    step = max(1, len(plan.combinations) // PREVIEWS)
    positions = range(0, PREVIEWS * step, step)
    return _submit(plan, positions, key=f"{PREVIEW_PREFIX}{by.pk}:{token}", by=by, request=request)


def _submit(
    plan: BulkPlan, positions: Sequence[int], *, key: str, by: AbstractBaseUser, request: dict[str, Any]
) -> GenerationJob:
    job = submit_named(
        lambda name: (plan.picture(position, name) for position in positions),
        title=title_of(plan.order, len(positions)),
        engine=plan.order.engine_name,
        owner=by,
        priority=plan.order.priority,
        request_key=key,
        request=request,
    )
    if job.request != request:
        raise FormUsedError(job)
    return job


def title_of(order: BulkOrder, pictures: int) -> str:
    """`happy, calm · cat, bird · 24`; without an emotion it begins with the prompt."""
    favorites = [favorite for favorite in order.favorites if favorite]
    first = _named(order.emotions) or order.others[:TITLE_LETTERS]
    parts = (first, _named(favorites), str(pictures))
    return " · ".join(part for part in parts if part)


def _named(names: Any) -> str:
    listed = ", ".join(names[:NAMED])
    return f"{listed} +{len(names) - NAMED}" if len(names) > NAMED else listed


SEEDS = 2**32


def pair_of(prompt: str, fname: str, index: int) -> Iterator[SlotSpec]:
    """A landscape and a portrait picture, as the seeds' bulk page requests them. Raises InvalidKeyError."""
    if parse_key(f"{fname}_0h.jpeg").root != POOL:
        raise InvalidKeyError(f"fname must begin with {POOL}/, not {fname!r}.", field="fname")
    for orientation, (width, height) in PAIR.items():
        key = f"{fname}_{index}{LETTERS[orientation]}.jpeg"
        yield SlotSpec(index, orientation, key, PictureRequest(prompt, width, height, seed_of(key)))


def single_pictures(request: PictureRequest, count: int, name: str) -> list[SlotSpec]:
    """`count` pictures of one prompt with consecutive seeds, named as the seed applications name them."""
    orientation = orientation_of_size(request.width, request.height)
    seeds = (replace(request, seed=(request.seed + index) % SEEDS) for index in range(count))
    return [SlotSpec(index, orientation, f"{POOL}/{name}_{index}.jpeg", seeded) for index, seeded in enumerate(seeds)]


def pool_folder(emotion: str, favorite: str) -> str:
    return f"{POOL}/{join_emotion(emotion, favorite)}"


def folder_of(emotion: str, favorite: str) -> str:
    """Pictures without an emotion have no favorite either: their folder is the pool itself."""
    return pool_folder(emotion, favorite) if emotion else POOL


def seed_of(text: str) -> int:
    """A seed derived from the text, so that a repeated request makes the same picture."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
