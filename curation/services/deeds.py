"""What each kind of act does. A deed names the pictures it fits, prepares files, and says what becomes of them."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar

from curation.models import Act
from curation.models.release import Change
from curation.services.batches import batches
from curation.services.gardens import Move, Picture, State, hold_gardens_of, read_pictures
from curation.services.schedule import schedule_release
from garden.models import Image


class Deed(ABC):
    """One kind of act; everything but `prepare` and `clean_up` happens in one transaction."""

    fits: ClassVar[tuple[str, ...]]
    """States of the pictures it can be done to; others are left alone."""
    cleans_up: ClassVar[bool] = False

    def choose(self, images: Sequence[Image]) -> Sequence[Image]:
        """Those of the fitting images that it will be done to. Refuses before anything is saved."""
        return images

    def key_of(self, image: Image) -> str:
        """What the act's record says it was about."""
        return image.key

    def prepare(self, act: Act) -> None:
        """Before the transaction: slow, and safe to repeat."""

    @abstractmethod
    def apply(self, act: Act) -> None:
        """Hold the gardens, look again what still fits, move it."""

    def clean_up(self, act: Act) -> None:
        """After the transaction: slow, and safe to repeat."""


class MovingDeed(Deed):
    """Every picture goes to another state, and nothing else happens."""

    def apply(self, act: Act) -> None:
        hold_gardens_of(Image.objects.filter(act_items__act=act))
        Move(act, self.wanted(self.fitting(act))).make()

    def fitting(self, act: Act) -> list[Picture]:
        images = act.items.filter(image__isnull=False).values_list("image_id", flat=True)
        return [picture for picture in read_pictures(list(images)) if picture.state in self.fits]

    @abstractmethod
    def wanted(self, pictures: Sequence[Picture]) -> dict[int, str]:
        """The state that each picture shall be in."""


class Remove(MovingDeed):
    fits = (State.POOL, State.PUBLISHED, State.SERVING, State.SHELVED)

    def wanted(self, pictures: Sequence[Picture]) -> dict[int, str]:
        return {picture.id: State.TRASH for picture in pictures}


class Withdraw(MovingDeed):
    """Out of the garden; the file stays, and who knows its address may still look at it."""

    fits = (State.SERVING,)

    def apply(self, act: Act) -> None:
        if act.goes_live_at is None:
            super().apply(act)
        else:
            hold_gardens_of(Image.objects.filter(act_items__act=act))
            schedule_release(act, [picture.id for picture in self.fitting(act)], Change.REMOVE)

    def wanted(self, pictures: Sequence[Picture]) -> dict[int, str]:
        return {picture.id: State.SHELVED for picture in pictures}


class Restore(MovingDeed):
    """Back to where it was removed from."""

    fits = (State.TRASH,)

    def wanted(self, pictures: Sequence[Picture]) -> dict[int, str]:
        return states_before_trash(pictures)


def states_before_trash(pictures: Iterable[Picture]) -> dict[int, str]:
    """An original waits in the pool again only while no copy of it is in the garden."""
    trashed = {picture.id: picture.trashed_from for picture in pictures if picture.state == State.TRASH}
    copies = {
        original: state
        for some in batches(list(trashed))
        for original, state in Image.objects.filter(published_from__in=some).values_list("published_from", "state")
    }
    for image, state in trashed.items():
        if state == State.POOL and copies.get(image) == State.SERVING:
            trashed[image] = State.PUBLISHED
        elif state == State.PUBLISHED and image not in copies:
            trashed[image] = State.POOL
    return trashed
