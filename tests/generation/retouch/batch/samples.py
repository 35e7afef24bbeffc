"""Batches to test with."""

import io
import uuid
from collections.abc import Sequence
from typing import Any

import PIL.Image

from garden.models import Image
from generation.models import GenerationJob, RetouchBatch
from generation.queue.worker import work
from generation.retouch.batch.orders import choose_images, plan_batch, run_batch
from generation.retouch.batch.recipe import Recipe
from generation.retouch.pixels import encode_shown
from tests.generation.retouch.samples import noisy, picture
from tests.support import pictures


def garden(count: int) -> list[Image]:
    return [picture(f"{n}", content=encode_shown(noisy(seed=n), "jpeg")) for n in range(count)]


def with_a_face(name: str = "face") -> Image:
    small = PIL.Image.open(io.BytesIO(pictures.portrait())).resize((256, 256))
    return picture(name, content=pictures.encode(small))


def planned(images: Sequence[Image], given: Any = None, **described: Any) -> RetouchBatch:
    recipe = Recipe.from_json({"settings": {"seed": 7}} if given is None else given)
    chosen = choose_images(recipe, [image.pk for image in images])
    return plan_batch(recipe=recipe, chosen=chosen, **{"by": None, "batch_id": uuid.uuid4(), **described})


def made(images: Sequence[Image], given: Any = None, **described: Any) -> RetouchBatch:
    """Run, and worked by the quick engine."""
    batch = run_batch(batch=planned(images, given, **described))
    work(engines=["quick"])
    return batch


def job_of(batch: RetouchBatch) -> GenerationJob:
    batch.refresh_from_db()
    assert batch.job is not None
    return batch.job


def states(batch: RetouchBatch) -> list[str]:
    items: Any = batch.items.with_state().in_order()
    return [item.state for item in items]
