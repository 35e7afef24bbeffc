"""Handlers of the kinds of slots. Claiming, heartbeats, failures and finishing are the same for all kinds."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

from garden.models import Image
from garden.services import save_image, write_image
from generation.backends import get_engine
from generation.engines.base import OnStep, Picture
from generation.models import Slot
from generation.models.job import SlotKind
from generation.provenance import encode_jpeg


class Result(ABC):
    """The result of one slot, not stored yet."""

    slot: Slot
    seconds: float

    @abstractmethod
    def write(self) -> None:
        """Files: before any row says that they are there, and safe to repeat."""

    @abstractmethod
    def save(self) -> Image | None:
        """Rows, in the transaction that finishes the slot; answers the picture that it made for the garden."""


class Handler(ABC):
    """Handles slots of one kind."""

    def batch_size(self, slot: Slot) -> int:
        """How many slots like this one are best done together."""
        return 1

    @abstractmethod
    def work(self, slots: Sequence[Slot], on_step: OnStep) -> Iterator[Result]:
        """Do the slots' work in their order. Raises as an engine does, and whatever `on_step` raises.

        What is finished is yielded before the error is raised: the first slot that was not is the one that failed.
        """


@dataclass(slots=True)
class PictureResult(Result):
    slot: Slot
    picture: Picture
    seconds: float
    image: Image = field(init=False)

    def write(self) -> None:
        self.image = write_picture(picture=self.picture, key=self.slot.key)

    def save(self) -> Image:
        return save_image(self.image)


class PictureHandler(Handler):
    """Prompts in, pictures of the pool out."""

    def batch_size(self, slot: Slot) -> int:
        return get_engine(slot.engine).batch_size(slot.request)

    def work(self, slots: Sequence[Slot], on_step: OnStep) -> Iterator[Result]:
        engine = get_engine(slots[0].engine)
        for picture in engine.make([slot.request for slot in slots], on_step):
            yield PictureResult(slots[picture.index], picture, picture.seconds)


def handler_of(slot: Slot) -> Handler:
    """The handler for the kind of this slot."""
    if slot.kind == SlotKind.PICTURE:
        return PictureHandler()
    if slot.kind == SlotKind.RETOUCH:
        from generation.retouch.render import RetouchHandler  # Brings OpenCV.

        return RetouchHandler()
    from generation.tagging.handler import TagsHandler

    return TagsHandler()


def store_picture(*, picture: Picture, key: str) -> Image:
    """File and row of a finished picture, whichever engine made it. Repeating it changes nothing."""
    return save_image(write_picture(picture=picture, key=key))


def write_picture(*, picture: Picture, key: str) -> Image:
    """The file of a finished picture, and its description without a row yet."""
    asked = {name: value for name, value in asdict(picture.request).items() if value not in (None, "")}
    prompt = asked.pop("prompt", "")
    return write_image(
        key=key,
        content=encode_jpeg(picture),
        origin=picture.engine,
        model=picture.model,
        prompt=prompt,
        parameters=asked,
    )
