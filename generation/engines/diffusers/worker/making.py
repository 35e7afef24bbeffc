"""Requests to pictures: in batches that fit, broken ones made again."""

import dataclasses
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from PIL import Image

from generation.engines.base import (
    BadPictureError,
    EngineUnavailableError,
    OnStep,
    PictureRequest,
)
from generation.engines.diffusers.batching import OutOfRoomError, group_by, in_batches, in_order
from generation.engines.diffusers.plan import Plan
from generation.engines.diffusers.progress import Progress
from generation.engines.diffusers.quality import another_seed, flaw
from generation.engines.diffusers.worker.prompts import prompt_length
from generation.engines.diffusers.worker.sampling import Pixels, sample
from generation.engines.diffusers.worker.studio import Studio, studio_for


@dataclass(frozen=True, slots=True)
class Made:
    """An array, the request that made it (its seed may be another than asked), and how long it took in seconds."""

    pixels: Pixels
    request: PictureRequest
    seconds: float
    flaw: str

    @property
    def image(self) -> Image.Image:
        return Image.fromarray((self.pixels * 255).round().astype("uint8"))


def make_all(
    plan: Plan, requests: Sequence[PictureRequest], on_step: OnStep, *, most: int | None, retries: int
) -> Iterator[tuple[int, Made]]:
    """Every request's index and picture, in order. Raises as `Engine.make` does, BadPictureError after the last."""
    studio = studio_for(plan)
    progress = Progress(len(requests), on_step)
    flaw = ""
    for index, made in in_order(_grouped(studio, requests, progress, most, retries)):
        if made.flaw:
            flaw = flaw or made.flaw
        else:
            yield index, made
    if flaw:
        raise BadPictureError(f"The picture came out {flaw} with {retries + 1} seeds.", flaw=flaw)


def _grouped(
    studio: Studio, requests: Sequence[PictureRequest], progress: Progress, most: int | None, retries: int
) -> Iterator[tuple[int, Made]]:
    """The same in the order in which batches are made."""
    for group in group_by(requests, partial(_batch_key, studio)):
        indices = iter(group)
        for batch in _batches(studio, [requests[index] for index in group], progress, most, retries):
            for made in batch:
                yield next(indices), made


def _batch_key(studio: Studio, request: PictureRequest) -> tuple[object, ...]:
    """What pictures of one batch have in common."""
    length = prompt_length(studio.pipeline, request)
    return request.width, request.height, request.steps, request.guidance_scale, length


def _batches(
    studio: Studio, run: Sequence[PictureRequest], progress: Progress, most: int | None, retries: int
) -> Iterator[Sequence[Made]]:
    width, height = run[0].width, run[0].height
    size = studio.batch_size(width, height, most)
    try:
        for batch, fitting in in_batches(run, size, partial(_make_batch, studio, progress, retries)):
            if fitting < size:
                studio.learn(width, height, fitting)
            progress.finish(sum(not made.flaw for made in batch))
            yield batch
    except OutOfRoomError as error:
        raise EngineUnavailableError(
            f"One picture of {width}×{height} does not fit into the memory of {studio.device}: "
            "make a smaller one, choose a smaller model, or set the engine's option offload."
        ) from error


def _make_batch(studio: Studio, progress: Progress, retries: int, requests: Sequence[PictureRequest]) -> list[Made]:
    on_share = progress.of_batch(len(requests))
    made = _once(studio, requests, on_share)
    for attempt in range(1, retries + 1):
        broken = [place for place, picture in enumerate(made) if picture.flaw]
        again = [_with_another_seed(requests[place], attempt) for place in broken]
        for place, picture in zip(broken, _once(studio, again, on_share) if again else [], strict=True):
            made[place] = picture
    return made


def _once(studio: Studio, requests: Sequence[PictureRequest], on_share: Callable[[float], None]) -> list[Made]:
    started = time.perf_counter()
    arrays = sample(studio, requests, on_share)
    seconds = (time.perf_counter() - started) / len(requests)
    return [Made(pixels, request, seconds, flaw(pixels)) for pixels, request in zip(arrays, requests, strict=True)]


def _with_another_seed(request: PictureRequest, attempt: int) -> PictureRequest:
    return dataclasses.replace(request, seed=another_seed(request.seed, attempt))
