"""A batch into the queue: three of its pictures first, the rest when it is run. Each step twice is once."""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from generation.credits.spending import Prices, within_credits
from generation.jobs import WantedPicture, add_pictures, submit_job
from generation.models import GenerationJob, RetouchBatch, Slot
from generation.models.batch import BatchItemQuerySet
from generation.models.job import Priority
from generation.requests import seed_of
from generation.retouch.asking import wanted_patch
from generation.retouch.batch.planning import folder_of
from generation.retouch.batch.recipe import Recipe
from generation.retouch.composing import PATCH
from generation.retouch.errors import BadRecipeError
from generation.retouch.inpainters import engine_name

PREVIEWED = 3


def preview_batch(*, batch: RetouchBatch, numbers: Sequence[int] = ()) -> RetouchBatch:
    """Ask for the pictures of these numbers, or, once, for the first, the middle and the last of those that wait.

    Raises BadRecipeError for a number that is none of the batch's.
    """
    if wrong := set(numbers) - set(batch.items.values_list("number", flat=True)):
        raise BadRecipeError("items", f"has {min(wrong)}, which is no picture of this batch")
    if not numbers and RetouchBatch.objects.filter(pk=batch.pk, job__isnull=False).exists():
        return RetouchBatch.objects.get(pk=batch.pk)
    waiting = batch.items.all().waiting().in_order().values_list("number", flat=True)
    wanted = list(numbers) or first_middle_last(list(waiting))
    return _ask(batch, batch.items.filter(number__in=wanted[:PREVIEWED]), Priority.SINGLE, {})


def run_batch(*, batch: RetouchBatch) -> RetouchBatch:
    """Ask for every picture that was not asked for yet."""
    return _ask(batch, batch.items.all(), Priority.BULK, {"run_at": timezone.now()})


def engine_of(batch: RetouchBatch) -> str:
    return engine_name(Recipe.from_json(batch.recipe).settings)


def first_middle_last(numbers: Sequence[int]) -> list[int]:
    if not numbers:
        return []
    return list(dict.fromkeys([numbers[0], numbers[len(numbers) // 2], numbers[-1]]))


def _ask(batch: RetouchBatch, items: BatchItemQuerySet, priority: Priority, changes: dict[str, Any]) -> RetouchBatch:
    """Raises NoCreditsError where who asks cannot pay for all of them; then none is asked for."""
    with transaction.atomic(), within_credits([batch.by]) as prices:
        return _ask_locked(batch, items, priority, changes, prices)


def _ask_locked(
    batch: RetouchBatch, items: BatchItemQuerySet, priority: Priority, changes: dict[str, Any], prices: Prices
) -> RetouchBatch:
    held = RetouchBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    asked = list(items.waiting().in_order().annotate(**_SIZES))
    job = held.job or _begin(held)
    if asked:
        engine = engine_of(held)
        add_pictures(job=job, pictures=_pictures(held, asked), engine=engine, priority=priority)
        slots = Slot.objects.filter(job=job, index=OuterRef("number"))
        new = held.items.all().waiting().filter(Exists(slots))
        new.update(slot=Subquery(slots.values("pk")[:1]), price=prices.of(held.by, engine))
    for name, value in changes.items():
        if getattr(held, name) is None:
            setattr(held, name, value)
    held.job = job
    held.save(update_fields=["job", *changes])
    return held


_SIZES = {
    "shown_width": Coalesce("image__width", "canvas__width"),
    "shown_height": Coalesce("image__height", "canvas__height"),
    "shown_hash": Coalesce("image__content_hash", "canvas__content_hash"),
}


def _begin(batch: RetouchBatch) -> GenerationJob:
    return submit_job(
        title=batch.title,
        pictures=(),
        engine=engine_of(batch),
        owner=batch.by,
        priority=Priority.BULK,
        request_key=batch.request_key,
        request={"batch": str(batch.pk), "recipe": batch.recipe},
    )


def _pictures(batch: RetouchBatch, items: Sequence[Any]) -> Iterator[WantedPicture]:
    """A picture's seed, where none was chosen, follows from the recipe and its file: made again it is the same."""
    wishes = Recipe.from_json(batch.recipe).settings
    for item in items:
        seed = seed_of(f"{batch.fingerprint}:{item.shown_hash}") if wishes.seed is None else wishes.seed
        size = (item.shown_width or 1, item.shown_height or 1)
        key = f"{folder_of(batch)}/{item.pk}/{PATCH}.png"
        yield wanted_patch(item.number, key, dataclasses.replace(wishes, seed=seed), size)
