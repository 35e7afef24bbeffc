"""The starter garden: the first pictures of a new installation.

Without Django, because spawned processes import this module.
"""

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import cv2

from garden.parent_death import die_with_parent
from garden.storage.keys import SERVING, join_emotion
from garden.vocabulary import Emotion
from generation.engines.base import LETTERS, PAIR, Engine, Picture, PictureRequest
from generation.prompts.templates import STYLE, bulk_prompt

WITHOUT_FAVORITE = 6
PER_FAVORITE = 3
FAVORITES = ("cat", "bird")


@dataclass(frozen=True, slots=True)
class StarterPicture:
    key: str
    request: PictureRequest


def starter_pictures() -> Iterator[StarterPicture]:
    """Every picture of the starter garden: 12 landscapes and 12 portraits of each emotion; one pair of each first."""
    for favorite, count in ("", WITHOUT_FAVORITE), *((favorite, PER_FAVORITE) for favorite in FAVORITES):
        for index in range(count):
            for emotion in Emotion:
                yield from _pair(emotion, favorite, index)


def paint(
    engine: Engine, pictures: Sequence[StarterPicture], processes: int
) -> Iterator[tuple[StarterPicture, Picture]]:
    """Paint in parallel; yields the pictures in order."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_begin_process)
    try:
        yield from zip(pictures, pool.map(_make, [engine] * len(pictures), pictures), strict=True)
    finally:
        pool.shutdown(cancel_futures=True)


def _begin_process() -> None:
    die_with_parent(signal.SIGKILL)
    cv2.setNumThreads(1)


def _make(engine: Engine, starter: StarterPicture) -> Picture:
    return next(iter(engine.make([starter.request])))


def _pair(emotion: Emotion, favorite: str, index: int) -> Iterator[StarterPicture]:
    folder = f"{SERVING}/{join_emotion(emotion, favorite)}"
    prompt = bulk_prompt(emotion, favorite, STYLE)
    for orientation, (width, height) in PAIR.items():
        request = PictureRequest(prompt=prompt, width=width, height=height, seed=index)
        yield StarterPicture(f"{folder}/img_starter_{index}{LETTERS[orientation]}.jpeg", request)
