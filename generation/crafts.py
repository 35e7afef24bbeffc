"""What a worker does for slots of each kind; claiming, heart-beats, failures and finishing are the same for all."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from garden.models import Image
from garden.services import save_image
from generation.engines.base import OnStep, Picture
from generation.engines.registry import get_engine
from generation.models import Slot
from generation.models.slot import SlotKind
from generation.services import write_picture


class Finished(ABC):
    """What came out of one slot, not stored yet."""

    slot: Slot
    seconds: float

    @abstractmethod
    def write(self) -> None:
        """Files: before any row says that they are there, and safe to repeat."""

    @abstractmethod
    def save(self) -> Image | None:
        """Rows, in the transaction that finishes the slot; answers the picture that it made for the garden."""


class Craft(ABC):
    """One kind of work."""

    def batch_size(self, slot: Slot) -> int:
        """How many slots like this one are best done together."""
        return 1

    @abstractmethod
    def work(self, slots: Sequence[Slot], on_step: OnStep) -> Iterator[Finished]:
        """Do the slots' work in their order. Raises as an engine does, and whatever `on_step` raises.

        What is finished is yielded before the error is raised: the first slot that was not is the one that failed.
        """


@dataclass(slots=True)
class FinishedPicture(Finished):
    slot: Slot
    picture: Picture
    seconds: float
    image: Image = field(init=False)

    def write(self) -> None:
        self.image = write_picture(picture=self.picture, key=self.slot.key)

    def save(self) -> Image:
        return save_image(self.image)


class MakingPictures(Craft):
    """Prompts in, pictures of the pool out."""

    def batch_size(self, slot: Slot) -> int:
        return get_engine(slot.engine).batch_size(slot.request)

    def work(self, slots: Sequence[Slot], on_step: OnStep) -> Iterator[Finished]:
        engine = get_engine(slots[0].engine)
        for picture in engine.make([slot.request for slot in slots], on_step):
            yield FinishedPicture(slots[picture.index], picture, picture.seconds)


def craft_of(slot: Slot) -> Craft:
    """Who does what this slot asks."""
    if slot.kind == SlotKind.PICTURE:
        return MakingPictures()
    if slot.kind == SlotKind.RETOUCH:
        from generation.retouch.repainting import Repainting  # Brings OpenCV.

        return Repainting()
    from generation.tagging.craft import ReadingTags

    return ReadingTags()
