"""Handlers of the kinds of slots. Claiming, heartbeats, failures and finishing are the same for all kinds."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import ClassVar

from django.utils.module_loading import import_string

from garden.models import Image
from garden.services import save_image, save_images, write_image
from generation.backends import get_engine
from generation.engines.base import OnStep, Picture
from generation.models import Slot
from generation.models.job import Priority, SlotKind
from generation.provenance import encode_jpeg


class Result(ABC):
    """The result of a slot, before it is stored."""

    slot: Slot
    seconds: float
    together: ClassVar[bool] = False
    """Whether the rows of several slots can be saved in one transaction, by `save_all`."""

    @abstractmethod
    def write(self) -> None:
        """Write the files, before their rows are saved. Safe to repeat; run in another thread: no database."""

    @abstractmethod
    def save(self) -> Image | None:
        """Save the rows, in the transaction that finishes the slot. Returns the image, if one was created."""

    @staticmethod
    def save_all(results: "Sequence[Result]") -> "Sequence[Image | None]":
        """As `save` for each, with fewer statements."""
        return [result.save() for result in results]


class Handler(ABC):
    def batch_size(self, slot: Slot) -> int:
        """The best batch size for slots like this one."""
        return 1

    @abstractmethod
    def work(self, slots: Sequence[Slot], on_step: OnStep) -> Iterator[Result]:
        """Process the slots in order. Raises what an engine raises, and what `on_step` raises.

        Finished results are yielded before the error is raised: the first slot without a result is the failed one.
        """


@dataclass(slots=True)
class PictureResult(Result):
    together: ClassVar[bool] = True
    slot: Slot
    picture: Picture
    seconds: float
    image: Image = field(init=False, repr=False)

    def write(self) -> None:
        self.image = write_picture(picture=self.picture, key=self.slot.key)

    def save(self) -> Image:
        return save_image(self.image)

    @staticmethod
    def save_all(results: Sequence[Result]) -> Sequence[Image]:
        return save_images([result.image for result in results if isinstance(result, PictureResult)])


class PictureHandler(Handler):
    """Makes pictures from prompts."""

    def batch_size(self, slot: Slot) -> int:
        return get_engine(slot.engine).batch_size(slot.request)

    def work(self, slots: Sequence[Slot], on_step: OnStep) -> Iterator[Result]:
        engine = get_engine(slots[0].engine)
        for picture in engine.make([slot.request for slot in slots], on_step):
            yield PictureResult(slots[picture.index], picture, picture.seconds)


_HANDLERS = {
    SlotKind.PICTURE: "generation.queue.handlers.PictureHandler",
    SlotKind.RETOUCH: "generation.retouch.render.RetouchHandler",
    SlotKind.TAGS: "generation.tagging.handler.TagsHandler",
}
_WATCHED = "generation.growing.GrowthHandler"
"""Dotted paths, so that OpenCV is imported only for retouching."""


def handler_of(slot: Slot) -> Handler:
    watched = slot.priority == Priority.KIOSK
    handler: type[Handler] = import_string(_WATCHED if watched else _HANDLERS[SlotKind(slot.kind)])
    return handler()


def write_picture(*, picture: Picture, key: str) -> Image:
    """Write the file of a finished picture; returns its unsaved row."""
    parameters = {name: value for name, value in asdict(picture.request).items() if value not in (None, "")}
    prompt = parameters.pop("prompt", "")
    return write_image(
        key=key,
        content=encode_jpeg(picture),
        origin=picture.engine,
        model=picture.model,
        prompt=prompt,
        parameters=parameters,
    )
