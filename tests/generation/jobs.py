"""Jobs to test with."""

from typing import Any

from garden.vocabulary import Orientation
from generation.engines.base import PictureRequest
from generation.jobs import WantedPicture, submit_job
from generation.models import GenerationJob

LETTERS = {Orientation.LANDSCAPE: "h", Orientation.PORTRAIT: "v"}


def wanted(count: int, *, name: str = "job", prompt: str = "calm", size: int = 64, **asked: Any) -> list[WantedPicture]:
    return [
        WantedPicture(
            index=index,
            orientation=Orientation.LANDSCAPE,
            key=f"imgPool/calm/img_{name}_{index}h.jpeg",
            request=PictureRequest(prompt=prompt, width=size, height=size, seed=index, **asked),
        )
        for index in range(count)
    ]


def ask_for(count: int, *, name: str = "job", prompt: str = "calm", size: int = 64, **described: Any) -> GenerationJob:
    return submit_job(title=name, pictures=wanted(count, name=name, prompt=prompt, size=size), **described)
