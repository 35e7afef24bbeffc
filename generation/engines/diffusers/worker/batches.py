"""Requests in batches that fit into memory: broken pictures are made again, and results come in order as uint8."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from generation.engines.base import BadPictureError, EngineUnavailableError
from generation.engines.diffusers.batching import (
    OutOfMemoryError,
    Progress,
    another_seed,
    group_by,
    in_batches,
    in_order,
)
from generation.engines.diffusers.worker.devices import within_memory
from generation.engines.diffusers.worker.loading import LoadedModel, unload_others


class Seeded(Protocol):
    """What both kinds of requests have."""

    @property
    def seed(self) -> int: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


Request = TypeVar("Request", bound=Seeded)
OnShare = Callable[[float], None]
"""Called with the share of a batch that is done, 0 … 1."""
Call = Callable[[Sequence[Request], Sequence[int], OnShare], torch.Tensor]
"""One call of a pipeline: requests of one batch key and their seeds in; (requests, 3, height, width) of 0 … 1 out."""


@dataclass(frozen=True, slots=True)
class Made:
    """A picture, the seed that made it (another than the requested one after a flaw), and its time in seconds."""

    pixels: NDArray[np.uint8]
    seed: int
    seconds: float
    flaw: str

    @property
    def image(self) -> Image.Image:
        return Image.fromarray(self.pixels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches(Generic[Request]):
    """How the requests of one call of the engine are made. `most` is the site's bound of a batch."""

    loaded: LoadedModel
    call: Call[Request]
    progress: Progress
    most: int | None
    retries: int

    def make_all(self, requests: Sequence[Request], key: Callable[[Request], object]) -> Iterator[tuple[int, Made]]:
        """Every request's index and picture, in order; those of equal `key` share a batch.

        Raises as `Engine.make` does, BadPictureError after the last.
        """
        flaw = ""
        for index, made in in_order(self._grouped(requests, key)):
            if made.flaw:
                flaw = flaw or made.flaw
            else:
                yield index, made
        if flaw:
            raise self._bad(flaw)

    def make_one(self, request: Request) -> Made:
        """Raises as `Engine.make` does."""
        try:
            [made] = self._make_batch([request])
        except OutOfMemoryError as error:
            raise self._too_large(request) from error
        if made.flaw:
            raise self._bad(made.flaw)
        return made

    def _grouped(self, requests: Sequence[Request], key: Callable[[Request], object]) -> Iterator[tuple[int, Made]]:
        for group in group_by(requests, key):
            indices = iter(group)
            for batch in self._fitting([requests[index] for index in group]):
                for made in batch:
                    yield next(indices), made

    def _fitting(self, run: Sequence[Request]) -> Iterator[Sequence[Made]]:
        width, height = run[0].width, run[0].height
        size = self.loaded.batch_size(width, height, self.most)
        try:
            for batch, fitting in in_batches(run, size, self._make_batch):
                if fitting < size:
                    self.loaded.learn(width, height, fitting)
                self.progress.finish(sum(not made.flaw for made in batch))
                yield batch
        except OutOfMemoryError as error:
            raise self._too_large(run[0]) from error

    def _make_batch(self, requests: Sequence[Request]) -> list[Made]:
        on_share = self.progress.of_batch(len(requests))
        made = self._once(requests, [request.seed for request in requests], on_share)
        for attempt in range(1, self.retries + 1):
            broken = [place for place, picture in enumerate(made) if picture.flaw]
            if not broken:
                break
            again = [requests[place] for place in broken]
            seeds = [another_seed(request.seed, attempt) for request in again]
            for place, picture in zip(broken, self._once(again, seeds, on_share), strict=True):
                made[place] = picture
        return made

    def _once(self, requests: Sequence[Request], seeds: Sequence[int], on_share: OnShare) -> list[Made]:
        started = time.perf_counter()
        try:
            images = within_memory(partial(self._call, requests, seeds, on_share))
        except OutOfMemoryError:
            if not unload_others(self.loaded):
                raise
            images = within_memory(partial(self._call, requests, seeds, on_share))
        found, pixels = flaws(images), as_uint8(images)
        seconds = (time.perf_counter() - started) / len(requests)
        return [Made(each, seed, seconds, flaw) for each, seed, flaw in zip(pixels, seeds, found, strict=True)]

    def _call(self, requests: Sequence[Request], seeds: Sequence[int], on_share: OnShare) -> torch.Tensor:
        """A nearly full batch is filled up with its last request: the network is compiled for full ones."""
        compilation, width, height = self.loaded.compilation, requests[0].width, requests[0].height
        full = self.loaded.batch_size(width, height, self.most)
        missing = compilation.padded(len(requests), full) - len(requests)
        requests, seeds = [*requests, *[requests[-1]] * missing], [*seeds, *[seeds[-1]] * missing]
        with compilation.running((width, height, len(requests)), full):
            images = self.call(requests, seeds, on_share)
        return images[: len(images) - missing]

    def _bad(self, flaw: str) -> BadPictureError:
        return BadPictureError(f"The picture came out {flaw} with {self.retries + 1} seeds.", flaw=flaw)

    def _too_large(self, request: Request) -> EngineUnavailableError:
        return EngineUnavailableError(
            f"One picture of {request.width}×{request.height} does not fit into the memory of {self.loaded.device}: "
            "make a smaller one, choose a smaller model, or set the engine's option offload."
        )


BLACK = 0.02
"""A picture whose brightest value is darker than this share of white is black (a safety checker's answer, too)."""

FLAT = 0.01
"""A picture whose values stray less than this from their mean shows nothing."""


def flaws(images: torch.Tensor) -> list[str]:
    """The defect of each picture (pictures, 3, height, width) of values 0 … 1, found on its device; "" without one."""
    channels = images.float().flatten(2)
    finite = channels.isfinite().all(dim=2).all(dim=1)
    brightest = channels.amax(dim=(1, 2))
    spread = channels.std(dim=2, correction=0).amax(dim=1)
    rows = torch.stack([finite.float(), brightest, spread], dim=1).tolist()
    return [_flaw(*row) for row in rows]


def _flaw(finite: float, brightest: float, spread: float) -> str:
    if not finite:
        return "not finite"
    if brightest < BLACK:
        return "black"
    return "flat" if spread < FLAT else ""


def as_uint8(images: torch.Tensor) -> NDArray[np.uint8]:
    """Pixels (pictures, height, width, 3), rounded on the device: a quarter of the bytes to copy from it."""
    pixels = (images.float() * 255).round().clamp(0, 255).to(torch.uint8)
    return np.ascontiguousarray(pixels.permute(0, 2, 3, 1).cpu().numpy())
