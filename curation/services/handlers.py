"""Handlers of the kinds of acts: which pictures each fits, the files it prepares, the rows it changes."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from curation.library.paging import batches
from curation.models import Act, ActItem
from curation.models.act import ActItemQuerySet
from curation.models.release import Change
from curation.services.releases import Move, Picture, State, hold_gardens_of, read_pictures, schedule_release
from garden.models import Image
from garden.models.image import ImageQuerySet
from garden.storage.thumbnails import delete_derived


class ActHandler(ABC):
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


class MovingHandler(ActHandler):
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


class Remove(MovingHandler):
    fits = (State.POOL, State.PUBLISHED, State.SERVING, State.SHELVED)

    def wanted(self, pictures: Sequence[Picture]) -> dict[int, str]:
        return {picture.id: State.TRASH for picture in pictures}


class Withdraw(MovingHandler):
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


class Restore(MovingHandler):
    """Back to where it was removed from."""

    fits = (State.TRASH,)

    def wanted(self, pictures: Sequence[Picture]) -> dict[int, str]:
        return states_before_trash([picture.id for picture in pictures])


def states_before_trash(images: Sequence[int]) -> dict[int, str]:
    """Where those of these images go that are in the trash now."""
    found: dict[int, str] = {}
    for some in batches(images):
        found |= Image.objects.filter(pk__in=some).return_states()
    return found


def report(act: Act, done: int) -> None:
    """Outside the act's transaction: a page that polls sees it at once, the sweeper that somebody is at it."""
    act.done, act.moved_at = done, timezone.now()
    act.save(update_fields=["done", "moved_at"])


AT_ONCE = 50


def discard_files(items: ActItemQuerySet) -> int:
    """Delete the files of the first of these items, thumbnails too; returns of how many, 0 when none is left.

    An item is held while its file goes: who wants to write under the same key waits, or finds it claimed. A key that
    has a row again keeps its file.
    """
    with transaction.atomic():
        held = list(items.select_for_update(of=["self"]).order_by("id")[:AT_ONCE])
        living = set(Image.objects.filter(key__in=[item.key for item in held]).values_list("key", flat=True))
        for item in held:
            if item.key not in living:
                default_storage.delete(item.key)
                delete_derived(item.key)
        ActItem.objects.filter(pk__in=[item.pk for item in held]).update(file_gone=True)
    return len(held)


class Purge(ActHandler):
    fits = (State.TRASH,)
    cleans_up = True

    def apply(self, act: Act) -> None:
        hold_gardens_of(Image.objects.filter(act_items__act=act))
        being_published = ActItem.objects.publishing().values("key")
        purged = Image.objects.in_trash().filter(act_items__act=act).exclude(key__in=being_published)
        for some in batches(list(purged.values_list("pk", flat=True))):
            act.items.filter(image__in=some).update(before=State.TRASH)
            # Their files were missing: a file that came back since is not the one that was looked at.
            act.items.filter(image__in=Image.objects.filter(pk__in=some).file_missing()).update(file_gone=True)
            _trash_originals(Image.objects.filter(published_as__in=some, state=State.PUBLISHED))
            Image.objects.filter(pk__in=some).delete()

    def clean_up(self, act: Act) -> None:
        gone = act.items.filter(before=State.TRASH, file_gone=True).count()
        while discarded := discard_files(ActItem.objects.purging().filter(act=act)):
            gone += discarded
            report(act, done=gone)


def _trash_originals(originals: ImageQuerySet) -> None:
    """An original whose copy is gone for good is nobody's any more: it follows into the trash, to be looked at once."""
    now = timezone.now()
    moved: dict[str, Any] = {"state": State.TRASH, "trashed_from": State.POOL, "trashed_at": now, "changed_at": now}
    originals.update(**moved)
